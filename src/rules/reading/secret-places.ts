import { isSecretPath } from "./secrets.ts";

/** Where distributions and package managers put what they publish: whatever looks like a secret there is known to everybody. */
const published =
  /^(?:usr\/(?:lib|lib64|libexec|share|include|bin|sbin|src\/linux)|lib|lib64|s?bin|boot|proc|sys|dev|var\/lib\/(?:dpkg|apt|rpm|pacman|gems)|var\/cache|usr\/local\/(?:lib|go|include|share\/(?:doc|man|ca-certificates))|etc\/(?:ssl\/certs|pki\/(?:tls\/certs|ca-trust|rpm-gpg)|apk\/keys|apt\/(?:keyrings|trusted\.gpg\.d)|ca-certificates))\/|(?:^|\/)(?:node_modules|site-packages|dist-packages|bower_components|gems|go\/pkg\/mod|\.cargo\/registry|\.m2\/repository|\.git|__pycache__|testdata|tests?|__tests__|fixtures|spec|examples?|pkgs)\//;

const texts =
  /^(?:[^.]+|\.[\w-]+|.*\.(?:sh|bash|zsh|ps1|bat|env|conf|cfg|cnf|ini|config|json5?|jsonc|ya?ml|toml|xml|properties|txt|md|py|rb|[cm]?js|tsx?|jsx|php|pl|go|rs|java|kts?|cs|scala|sql|tf|tfvars|tfstate|pem|key|crt|p8|asc|ppk|ovpn|http|html?|service|npmrc|netrc|pgpass|bak|old|orig|save|swp|log|csv|gradle|erb|j2|tpl))$/i;

/** Whether a file is one that people write, and may have written a secret into: its contents are worth a look. */
export function mayHoldSecrets(path: string): boolean {
  if (path.length > 1000 || published.test(path)) return false;
  return isSecretPath(path) || texts.test(path.slice(path.lastIndexOf("/") + 1));
}

/** Whether a path names a file of credentials of this image's own. */
export function isCredentialsFile(path: string): boolean {
  return path.length <= 1000 && !published.test(path) && isSecretPath(path);
}
