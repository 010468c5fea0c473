#!/usr/bin/env bash
# Journeys need Debian's Chromium and Chinese fonts: install them when allowed, else say what to do.
# chromium-headless-shell is the same browser without windows: tests take it where it is, for it costs them far less.
# The browser's own Chinese (chromium-l10n) only turns mm/dd/yyyy of date fields into 年/月/日: wanted, not needed.
set -euo pipefail

has_browser() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null; }
has_windowless() { command -v chromium-headless-shell >/dev/null; }
has_fonts() { fc-list :lang=zh-cn 2>/dev/null | grep -q .; }
has_chinese() { compgen -G '/usr/*/chromium*/locales/zh-CN.pak' >/dev/null; }
may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }
install() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

if ! { has_browser && has_fonts; }; then
  if ! may_install; then
    echo "浏览器测试需要 Chromium 和中文字体，请先运行：sudo apt-get install chromium chromium-l10n fonts-noto-cjk fontconfig" >&2
    exit 1
  fi
  install chromium fonts-noto-cjk fontconfig
fi
if ! has_windowless && may_install; then
  install chromium-headless-shell || echo "chromium-headless-shell 没有装上，浏览器测试会慢一些，其余不受影响" >&2
fi
if ! has_chinese && may_install; then
  install chromium-l10n || echo "chromium-l10n 没有装上，日期框会是英文的，其余不受影响" >&2
fi
