#!/usr/bin/env bash
# Fetches llama.cpp's published vocabularies with their expectations, and its template tests, into the folder given (default: below the cache), and
# prints it: set EDGEBENCH_LLAMA_SOURCE to what is printed. They come from the source that the npm package node-llama-cpp carries, of the version whose
# library 'edgebench backends install llamacpp' installs. About 80 MB; nothing is fetched twice.
set -euo pipefail
version=3.22.1
folder=${1:-${EDGEBENCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/edgebench}/llama-source-$version}
if [ ! -f "$folder/models/ggml-vocab-gpt-2.gguf.out" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  (cd "$work" && npm pack --silent "node-llama-cpp@$version" >/dev/null && tar -xzf "node-llama-cpp-$version.tgz")
  bundle=$(find "$work/package" -name gitRelease.bundle -print -quit)
  [ -n "$bundle" ] || { echo "node-llama-cpp $version holds no gitRelease.bundle" >&2; exit 1; }
  git clone --quiet --no-checkout "$bundle" "$work/source"
  git -C "$work/source" sparse-checkout set --no-cone '/models/' '/tests/test-jinja.cpp' '/tests/test-chat-template.cpp' '/src/unicode-data.cpp'
  git -C "$work/source" checkout --quiet "$(git -C "$work/source" rev-list --all -n 1)"
  rm -rf "$work/source/.git"
  mkdir -p "$(dirname "$folder")"
  rm -rf "$folder"
  mv "$work/source" "$folder"
fi
echo "$folder"
