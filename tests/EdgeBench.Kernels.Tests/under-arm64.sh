#!/bin/sh
# Publishes the kernels' tests for linux-arm64 and runs them under qemu's user mode: under-arm64.sh <root>, a folder that ThreeDevices/arm64-root.sh has filled.
# It shows that they are right there, and nothing of their speed. A property is tried for a second instead of so many times: an emulator is slow.
set -eu
root=$(cd "$1" && pwd)
cd "$(dirname "$0")"
command -v qemu-aarch64-static >/dev/null || { echo "qemu-aarch64-static is not installed" >&2; exit 1; }
# Below the repository, where the tests look for their data.
out=bin/linux-arm64
dotnet publish . -c Release -r linux-arm64 --self-contained -o "$out" -v q -nologo
# qemu before 8.1 does not notice code that was written through a second mapping. A Cortex-A76 (Raspberry Pi 5) has dot products of bytes.
DOTNET_EnableWriteXorExecute=0 CsCheck_Time=${CsCheck_Time:-1} \
  qemu-aarch64-static -cpu cortex-a76 -L "$root" "$out/EdgeBench.Kernels.Tests" --no-ansi --progress off
