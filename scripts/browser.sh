#!/usr/bin/env bash
# Journeys need Debian's Chromium and Chinese fonts: install them when allowed, else say what to do.
set -euo pipefail

has_browser() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null; }
has_fonts() { fc-list :lang=zh-cn 2>/dev/null | grep -q .; }

if has_browser && has_fonts; then
  exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "浏览器测试需要 Chromium 和中文字体，请先运行：sudo apt-get install chromium fonts-noto-cjk fontconfig" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fontconfig >/dev/null
