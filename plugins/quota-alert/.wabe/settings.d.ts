// From settings.schema.json.
export interface Settings {
  /** How to tell */
  "channel": "mail" | "webhook";
  /** Tell from this percentage on */
  "threshold": number;
  /** Address of the webhook */
  "url": string;
}
