#!/bin/sh
# Publishes the agents that `edgebench devices install` and the ssh launcher push to devices: one self-contained program for each platform.
# Usage: devices/publish-agents.sh [--out folder] [linux-x64 | linux-arm64 | linux-arm]…   (all three where none is named)
# The folder is the one that EDGEBENCH_AGENT_PACKAGES names; without --out it is `agents` beside the built command line.
set -eu
cd "$(dirname "$0")/.."
out=harness/EdgeBench.Cli/bin/Release/net10.0/agents
if [ "${1:-}" = --out ]; then out=$2; shift 2; fi
[ $# -gt 0 ] || set -- linux-x64 linux-arm64 linux-arm
failed=
for runtime in "$@"; do
  if dotnet publish devices/EdgeBench.Agent -c Release -r "$runtime" -p:PublishSingleFile=true -o "$out/$runtime" -v q -nologo; then
    du -ch "$out/$runtime"/* | tail -n 20
  else
    failed="$failed $runtime"
  fi
done
# One platform that cannot be had keeps none of the others from their agents.
[ -z "$failed" ] || {
  echo "no agent for$failed: the errors are above. NU1101 means that the package registry has no .NET runtime for that platform: use one that has it, or name the platforms that you need" >&2
  exit 1
}
