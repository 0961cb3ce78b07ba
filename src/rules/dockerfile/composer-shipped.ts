import { shippedInstructions, subcommandOf } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { vendorStage } from "../reading/vendor-stage.ts";
import type { Rule } from "../rule.ts";

export const composerShipped: Rule<"dockerfile"> = {
  id: "composer-shipped",
  subject: "dockerfile",
  aim: "size",
  severity: "low",
  summary: "Libraries of PHP are installed in the image that ships, and composer with them",
  why: `Composer, its cache, and what it calls (git, unzip, often Node for assets) are needed to install libraries, not to run the program. Install in a stage of
the official \`composer\` image and \`COPY --from\` it the \`vendor\` directory alone. \`--no-dev\` leaves out what only tests need, and
\`--optimize-autoloader\` spares a search of directories for each class.`,
  *check({ dockerfile, context }, known) {
    for (const run of shippedInstructions(dockerfile, "RUN")) {
      const install = run.script.named("composer").find((one) => subcommandOf(one) === "install");
      if (!install) continue;
      const split = vendorStage(dockerfile, run, context, known);
      const { start, end } = install.nameWord.range;
      const verb = install.args.find(({ value }) => value === "install");
      yield {
        message: "composer is needed to install these libraries, not to run the program",
        at: inSource(dockerfile, { start, end: verb?.range.end ?? end }),
        bytes: { value: 5_000_000, basis: "estimated" },
        ...(split
          ? { fix: { title: split.title, safety: "likely", edits: split.edits, alone: true } }
          : assistedFix("Install in a stage of the composer image, and copy the vendor directory")),
      };
    }
  },
  examples: [
    {
      title: "libraries of a lock file",
      text: 'FROM php:8.3-apache\nRUN docker-php-ext-install pdo_mysql\nCOPY --from=composer:2 /usr/bin/composer /usr/bin/composer\nWORKDIR /var/www/html\nCOPY composer.json composer.lock ./\nRUN «composer install» --no-interaction && composer clear-cache\nCOPY . .\nCMD ["apache2-foreground"]\n',
      context: { "composer.json": '{"require":{"monolog/monolog":"^3"}}', "composer.lock": '{"packages":[]}' },
      fixed:
        'FROM composer:2 AS vendor\nWORKDIR /var/www/html\nCOPY composer.json composer.lock ./\nRUN composer install --no-interaction --no-dev --optimize-autoloader --ignore-platform-reqs\n\nFROM php:8.3-apache\nRUN docker-php-ext-install pdo_mysql\nWORKDIR /var/www/html\nCOPY composer.json composer.lock ./\nCOPY --from=vendor /var/www/html/vendor ./vendor\nCOPY . .\nCMD ["apache2-foreground"]\n',
    },
    {
      title: "composer from its installer, scripts left out",
      text: "FROM php:8.3-cli\nRUN curl -sS https://getcomposer.org/installer | php -- --install-dir=/usr/local/bin --filename=composer\nWORKDIR /app\nCOPY --chown=www-data . .\nRUN «composer install» --no-dev --no-scripts -o\nCMD php app.php\n",
      context: {
        "composer.json": '{"scripts":{"post-install-cmd":"@php x.php"}}',
        "composer.lock": "{}",
        "app.php": "<?php require 'vendor/autoload.php';\n",
      },
      fixed:
        "FROM composer:2 AS vendor\nWORKDIR /app\nCOPY . .\nRUN composer install --no-dev --no-scripts -o --ignore-platform-reqs\n\nFROM php:8.3-cli\nWORKDIR /app\nCOPY --chown=www-data . .\nCOPY --from=vendor /app/vendor ./vendor\nCMD php app.php\n",
    },
    {
      title: "an installation that runs the program's scripts",
      text: "FROM php:8.3-cli\nCOPY --from=composer:2 /usr/bin/composer /usr/bin/composer\nWORKDIR /app\nCOPY . .\nRUN «composer install»\nCMD php artisan serve\n",
      context: {
        "composer.json": '{"scripts":{"post-autoload-dump":["@php artisan package:discover"]}}',
        "composer.lock": "{}",
      },
    },
    {
      title: "the program's start calls composer",
      text: 'FROM php:8.3-cli\nCOPY --from=composer:2 /usr/bin/composer /usr/bin/composer\nWORKDIR /app\nCOPY . .\nRUN «composer install»\nCMD ["./start.sh"]\n',
      context: { "composer.json": "{}", "composer.lock": "{}", "start.sh": "composer dump-autoload\nphp app.php\n" },
    },
    {
      title: "no lock file",
      text: "FROM php:8\nCOPY . .\nRUN «composer install»\n",
      context: { "composer.json": "{}" },
    },
    {
      title: "a stage of its own",
      text: "FROM composer:2 AS vendor\nRUN composer install\nFROM php:8\nCOPY --from=vendor /app/vendor /app/vendor\n",
    },
  ],
};
