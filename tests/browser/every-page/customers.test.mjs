import { everyPage } from "../every.mjs";
import { CUSTOMERS } from "../furniture.mjs";

everyPage(CUSTOMERS);
