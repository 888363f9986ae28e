#!/usr/bin/env bash
#
# Builds everything once and runs every test.
#
#   bash tests/run.sh                          all tests
#   bash tests/run.sh --filter Signature       only some: arguments go to "dotnet test"
#
# Needs the .NET SDK of global.json and nothing else. What further tests need (Chromium, npm) is installed when it
# is missing and this is Debian or a relative of it and you are root. Elsewhere everything that can run runs, and the output
# says what was left out and why.
#
# Prints each failed test with its message and each skipped test with its reason. The last line is always
#   N passed, N failed, N skipped
# and the exit code is 0 only when nothing failed and at least one test ran. Results (.trx) and the tests' full output (.log) are
# kept in tests/artefacts/. Asks nothing, so it may run without a terminal.

set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
exec </dev/null

artefacts=tests/artefacts
passed=0 failed=0 skipped=0
left_out=()

# ---- What tests need beside .NET ----

# need PACKAGE WHAT-FOR COMMAND...: sees to it that one of the commands is there, by installing the Debian package where that can be done.
need() {
  local package=$1 purpose=$2 command
  shift 2
  for command in "$@"; do
    if command -v "$command" >/dev/null; then return; fi
  done
  if ! command -v apt-get >/dev/null; then
    left_out+=("$purpose: $package is missing, and this is not a Debian system where it could be installed for you")
  elif [ "$(id -u)" != 0 ]; then
    left_out+=("$purpose: $package is missing, and only root can install it (apt-get install $package)")
  elif ! install_package "$package"; then
    left_out+=("$purpose: $package is missing, and installing it failed, see $artefacts/apt.log")
  fi
}

install_package() {
  echo "Installing $1 ..."
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$1"; } >>"$artefacts/apt.log" 2>&1
}

need_chromium() {
  case "$(uname -s)" in
    Linux) need chromium "browser tests" chromium chromium-browser google-chrome ;;
    *) ;; # The browser tests look for the system's own browser, and say so when there is none.
  esac
}

# The server's programs are not on the path of a Debian system, only its wrappers are.
need_postgresql() {
  has_postgresql || need postgresql "tests on PostgreSQL" initdb
}

has_postgresql() {
  command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
}

# Brings Node.js with it. On Debian that is 52 MB in 350 small packages.
need_npm() {
  need npm "signatures verified by the libraries that receivers use" npm
}

# With which Python verifies Ed25519. It is no command, so it is asked for itself.
need_python() {
  python3 -c 'import cryptography' 2>/dev/null || need python3-cryptography "the receiver in Python, run as its readers would" python3-cryptography
}

# Unpacked and not installed: the package would start a service.
need_caddy() {
  local folder=$PWD/$artefacts/caddy
  PATH=$PATH:$folder/usr/bin
  if command -v caddy >/dev/null; then return; fi
  if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
    left_out+=("the sample deployment's reverse proxy: caddy is missing, and it can be fetched for you only on Debian as root")
  elif ! (mkdir -p "$folder" && cd "$folder" && apt-get update && apt-get download caddy && dpkg-deb -x caddy_*.deb .) >>"$artefacts/apt.log" 2>&1; then
    left_out+=("the sample deployment's reverse proxy: caddy is missing, and fetching it failed, see $artefacts/apt.log")
  fi
}

any_test_project_uses() {
  grep -qs "\"$1\"" tests/*/*.csproj
}

# ---- Running and counting ----

# Reads a .trx file. Prints failures and skips in words, then a last line "PASSED FAILED SKIPPED".
read_results() {
  awk '
    function decoded(text) {
      gsub(/&#x[dD];|&#13;/, "", text); gsub(/&#x[aA];|&#10;/, "\n", text)
      gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text); gsub(/&apos;/, "\047", text); gsub(/&amp;/, "\\&", text)
      return text
    }
    function attribute(name,    start, rest) {
      start = index($0, " " name "=\"")
      if (!start) return ""
      rest = substr($0, start + length(name) + 3)
      return decoded(substr(rest, 1, index(rest, "\"") - 1))
    }
    function element(name,    start, end) {
      start = index($0, "<" name ">"); end = index($0, "</" name ">")
      if (!start || end < start) return ""
      start += length(name) + 2
      return decoded(substr($0, start, end - start))
    }
    function indented(text) { gsub(/\n/, "\n      ", text); return "      " text }
    BEGIN { RS = "<UnitTestResult" }
    NR > 1 {
      outcome = attribute("outcome")
      if (outcome == "Passed") { passed++; next }
      if (outcome == "NotExecuted") {
        skipped++
        reason = element("Message"); if (reason == "") reason = element("StdOut"); if (reason == "") reason = "no reason given"
        print "  SKIPPED " attribute("testName"); print indented(reason); next
      }
      failed++
      print "  FAILED " attribute("testName"); print indented(element("Message")); print indented(element("StackTrace"))
    }
    END { print passed + 0, failed + 0, skipped + 0 }
  ' "$1"
}

# test_project PROJECT NAME ARGUMENTS...: runs one test project. A test that hangs is ended after ten minutes and counts as a failure.
test_project() {
  local project=$1 name=$2
  shift 2
  dotnet test "$project" --no-build --logger "trx;LogFileName=$name.trx" --results-directory "$artefacts" \
    --blame-hang-timeout 10m --blame-hang-dump-type none "$@" >"$artefacts/$name.log" 2>&1
}

# run_project PROJECT NAME ARGUMENTS...: runs one test project and adds to the counts.
run_project() {
  local project=$1 name=$2 status results count_passed=0 count_failed=0 count_skipped=0
  shift 2
  echo "Running $name ..."
  test_project "$project" "$name" "$@"
  status=$?
  if [ $status != 0 ] && [ "$name" = Loading.Tests ] && grep -q 'Test host process crashed' "$artefacts/$name.log"; then
    # Freeing code is what these tests have the runtime do again and again, and .NET 10.0 may crash over it: docs/HOST-AUTHORS.md. A test that fails is not tried again.
    echo "  CRASHED: the .NET runtime ended the process of $name, see $artefacts/$name.crash.log. All of it runs once more:"
    mv "$artefacts/$name.log" "$artefacts/$name.crash.log"
    rm -f "$artefacts/$name.trx"
    test_project "$project" "$name" "$@"
    status=$?
  fi

  if [ -f "$artefacts/$name.trx" ]; then
    results=$(read_results "$artefacts/$name.trx")
    read -r count_passed count_failed count_skipped <<<"${results##*$'\n'}"
    if [ "$results" != "${results%$'\n'*}" ]; then echo "${results%$'\n'*}"; fi
  fi
  if [ $status != 0 ] && [ "$count_failed" = 0 ]; then
    count_failed=1
    echo "  FAILED $name as a whole: the run ended with code $status. Beginning and end of $artefacts/$name.log:"
    { head -n 15 "$artefacts/$name.log"; echo ...; tail -n 15 "$artefacts/$name.log"; } | cut -c 1-300 | sed 's/^/      /'
  fi
  echo "  $name: $count_passed passed, $count_failed failed, $count_skipped skipped"
  passed=$((passed + count_passed)) failed=$((failed + count_failed)) skipped=$((skipped + count_skipped))
}

finish() {
  local reason
  if [ ${#left_out[@]} != 0 ]; then
    echo
    echo "LEFT OUT, because this machine lacks what it takes:"
    for reason in "${left_out[@]}"; do echo "  - $reason"; done
  fi
  echo "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" = 0 ] && [ "$passed" != 0 ]
  exit
}

# ---- The run ----

mkdir -p "$artefacts"
rm -f "$artefacts"/*.trx "$artefacts"/*.log

if ! command -v dotnet >/dev/null; then
  echo "The .NET SDK is missing: https://dotnet.microsoft.com/download"
  failed=1
  finish
fi

if any_test_project_uses Microsoft.Playwright; then need_chromium; fi
if any_test_project_uses Npgsql; then need_postgresql; fi
need_npm
need_python
need_caddy

echo "Building ..."
if ! dotnet build ApiWebhooks.sln -nologo -v quiet -clp:NoSummary >"$artefacts/build.log" 2>&1; then
  tail -n 60 "$artefacts/build.log"
  echo "The build failed: nothing was tested."
  failed=1
  finish
fi

for project in $(grep -l '"Microsoft.NET.Test.Sdk"' tests/*/*.csproj); do
  run_project "$project" "$(basename "$project" .csproj)" "$@"
done

# What the storage of host and plugin has to do with, once more with their tables in PostgreSQL.
if [ $# = 0 ] && has_postgresql; then
  HOST_TESTS_ON=postgres run_project tests/Host.Tests/Host.Tests.csproj "Host.Tests on PostgreSQL" \
    --filter 'Storage!=sqlite&(FullyQualifiedName~Tests.Accounts|FullyQualifiedName~Tests.Api|FullyQualifiedName~Tests.Changes|FullyQualifiedName~Tests.Records|FullyQualifiedName~Tests.Storage)'
  PLUGIN_TESTS_ON=postgres run_project tests/Plugin.Tests/Plugin.Tests.csproj "Plugin.Tests on PostgreSQL" \
    --filter 'Storage!=sqlite&Storage!=postgres&FullyQualifiedName!~Buttons.Import&FullyQualifiedName!~TokenBucket&(FullyQualifiedName~Plugin.Tests.Api.|FullyQualifiedName~Plugin.Tests.Audit.|FullyQualifiedName~Plugin.Tests.Buttons.|FullyQualifiedName~Plugin.Tests.Clients.|FullyQualifiedName~Plugin.Tests.Configure.HookSecrets|FullyQualifiedName~Plugin.Tests.Configure.Stored.|FullyQualifiedName~Plugin.Tests.Deliver.|FullyQualifiedName~Plugin.Tests.Detect.|FullyQualifiedName~Plugin.Tests.Pages.|FullyQualifiedName~Plugin.Tests.Queue.|FullyQualifiedName~Plugin.Tests.Replay.|FullyQualifiedName~Plugin.Tests.Track.)'
fi

if [ $((passed + failed)) = 0 ]; then
  echo "No test ran, which proves nothing."
fi
finish
