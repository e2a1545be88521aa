/** The key by which Pulumi marks a value as secret, in the SDK's messages and in a stack's state. */
export const secretMark = "4dabf18193072939515e22adb298388d";
