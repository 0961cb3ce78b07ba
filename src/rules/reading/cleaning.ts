import { type ShellCommand, subcommandOf } from "../../syntax/index.ts";

/** Where package managers and systems keep what can be had again. */
export const cachePath: RegExp =
  /^(?:\/var\/lib\/apt\/lists|\/var\/cache|\/root\/\.(?:cache|npm|m2|cargo)|~\/\.(?:cache|npm)|\/tmp\/\*|\/var\/tmp\/\*|\/usr\/share\/(?:doc|man|locale))/;

/** Whether a command does nothing but remove files, or empty a package manager's cache. */
export function cleans(command: ShellCommand): boolean {
  const verb = subcommandOf(command);
  switch (command.name) {
    case "rm":
      return true;
    case "apt-get":
    case "apt":
    case "yum":
    case "dnf":
    case "microdnf":
    case "zypper":
      return verb === "clean" || verb === "autoclean" || verb === "autoremove";
    case "npm":
    case "yarn":
    case "pip":
    case "pip3":
    case "apk":
      return verb === "cache";
    case "conda":
      return verb === "clean";
    default:
      return false;
  }
}
