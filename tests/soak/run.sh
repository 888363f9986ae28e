#!/usr/bin/env bash
#
# Kills the host (SIGKILL) again and again under load, then checks that everything it acknowledged arrived at every receiver.
#
#   bash tests/soak/run.sh                          200 kills, about ten minutes
#   bash tests/soak/run.sh --kills 20 --seed 7      fewer; the seed decides the moments and is printed
#
# The last line is
#   soak: N kills, N acknowledged, N delivered, 0 lost, N duplicates
# and the exit code is 0 only when nothing was lost, no message came again without need or changed, and ordered hooks kept their order.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
if ! built=$(dotnet build tests/soak -nologo -v quiet 2>&1); then
  echo "$built"
  exit 1
fi
exec dotnet tests/soak/bin/Debug/net10.0/Soak.dll "$@"
