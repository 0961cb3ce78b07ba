import type { Runtime } from "./runtime.ts";

export const php: Runtime = {
  id: "php",
  summary: "The language's interpreter",
  path: /(?:^|\/)(?:bin\/php(?:-cgi|-fpm)?[\d.]*|sbin\/php-fpm[\d.]*|libphp[\d.]*\.so)$/,
  versions: [/X-Powered-By: PHP\/(\d{1,2}\.\d{1,3}\.\d{1,3}(?:(?:alpha|beta|RC)\d{1,2})?)/],
};
