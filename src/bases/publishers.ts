/** Namespaces on Docker Hub that belong to a verified publisher or a sponsored open-source programme. As of 2026-08. */
export const verifiedPublishers: ReadonlySet<string> = new Set([
  "alpine", "amazon", "amd64", "arm64v8", "bitnami", "bitnamisecure", "bitnamilegacy", "cimg", "circleci", "cilium", "clickhouse", "cloudflare", "confluentinc",
  "curlimages", "datadog", "denoland", "dotnet", "elastic", "envoyproxy", "fluent", "gitlab", "google", "grafana", "hashicorp", "istio", "jaegertracing", "jenkins",
  "jupyter", "kong", "mcp", "microsoft", "minio", "mitmproxy", "moby", "mongodb", "nginxinc", "newrelic", "nvidia", "openpolicyagent", "opensearchproject",
  "otel", "oven", "portainer", "prom", "pulumi", "qdrant", "rancher", "redis", "redislabs", "selenium", "snyk", "sonarsource", "tensorflow", "timescale",
  "ubuntu", "vaultwarden", "verdaccio", "weaviate", "docker", "hadolint", "aquasec", "anchore", "sitespeedio", "phpmyadmin",
]);

/** Official or well-kept images that stand in for deprecated ones. */
export const deprecatedImages: Readonly<Record<string, string>> = {
  openjdk: "eclipse-temurin", java: "eclipse-temurin", adoptopenjdk: "eclipse-temurin",
  centos: "rockylinux or almalinux", clefos: "rockylinux or almalinux", fedora_minimal: "fedora",
  jenkins: "jenkins/jenkins", vault: "hashicorp/vault", consul: "hashicorp/consul",
  "express-gateway": "express-gateway/express-gateway", mono: "mcr.microsoft.com/dotnet/runtime", fsharp: "mcr.microsoft.com/dotnet/sdk",
  rails: "ruby", django: "python", iojs: "node", "php-zendserver": "php", "zend-php": "php", "nats-streaming": "nats", "opensuse": "opensuse/leap",
  "ubuntu-debootstrap": "ubuntu", "ubuntu-upstart": "ubuntu", piwik: "matomo", owncloud: "owncloud/server", celery: "python", sentry: "getsentry/sentry",
};

/** Official images for well-known images that are not. */
export const officialEquivalents: Readonly<Record<string, string>> = {
  "tiangolo/uvicorn-gunicorn-fastapi": "python", "jfloff/alpine-python": "python:alpine", "frolvlad/alpine-glibc": "debian:slim",
  "frolvlad/alpine-python3": "python:alpine", "mhart/alpine-node": "node:alpine", "anapsix/alpine-java": "eclipse-temurin:alpine",
  "webdevops/php-nginx": "php:fpm", "richarvey/nginx-php-fpm": "php:fpm", "phusion/baseimage": "debian or ubuntu", "dockerfile/ubuntu": "ubuntu",
  "library/node": "node", "google/nodejs": "node", "tutum/mysql": "mysql", "dockerfile/nodejs": "node", "gliderlabs/alpine": "alpine",
};
