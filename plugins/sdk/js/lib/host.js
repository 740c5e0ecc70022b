// The capabilities as the host offers them.

export * as crypto from "wabe:plugin/crypto@1.0.0";
export * as files from "wabe:plugin/files@1.0.0";
export * as http from "wabe:plugin/http@1.0.0";
export * as kv from "wabe:plugin/kv@1.0.0";
export * as log from "wabe:plugin/log@1.0.0";
export * as records from "wabe:plugin/records@1.0.0";
export * as secrets from "wabe:plugin/secrets@1.0.0";
