import { everyPage } from "../every.mjs";
import { DESK } from "../furniture.mjs";

everyPage(DESK);
