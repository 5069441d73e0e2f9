#!/bin/sh
# Fills a folder with what an arm64 agent needs of its system under qemu-user: arm64-root.sh <folder>. Needs apt-get and dpkg-deb, and leaves the machine's
# own packages and their lists alone. For 'qemu-aarch64-static -cpu cortex-a76 -L <folder>'.
set -eu
root=$(mkdir -p "$1" && cd "$1" && pwd)
# Last of all: with it, the folder is whole.
[ -f "$root/proc/cpuinfo" ] && exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/packages"
foreign() {
  apt-get -q -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o APT::Sandbox::User=root \
    -o Dir::State::lists="$work/lists" -o Dir::State::status=/dev/null -o Dir::Cache="$work/cache" "$@"
}
foreign update
(cd "$work/packages" && foreign download libc6 libgcc-s1 libstdc++6 libgomp1 libssl3)
for package in "$work"/packages/*.deb; do dpkg-deb -x "$package" "$root"; done
# qemu-user hands out the host's /proc/cpuinfo, over which ONNX Runtime's look at the processor falls: a Cortex-A76 (Raspberry Pi 5) as the kernel writes it.
mkdir -p "$root/proc"
for processor in 0 1; do
  printf 'processor\t: %s\nBogoMIPS\t: 108.00\nFeatures\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: 0x4\nCPU part\t: 0xd0b\nCPU revision\t: 1\n\n' "$processor"
done > "$work/cpuinfo"
mv "$work/cpuinfo" "$root/proc/cpuinfo"
