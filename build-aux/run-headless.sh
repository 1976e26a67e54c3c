#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a command on a virtual X display and a session bus of its own, with
# private home and XDG folders; nothing is left behind when it ends.
#
#   build-aux/run-headless.sh COMMAND [ARGUMENT...]
#
# HEADLESS_WM=1       also starts a window manager (openbox)
# HEADLESS_SCREEN     size of the screen, 1280x900x24 where it is not set
# The exit status is the command's; 99 where the display did not come up.
set -u
T=$(mktemp -d) || exit 99
mkdir -m 700 "$T"/{home,run,data,config,cache,state}
mkdir "$T/config/gtk-4.0"
printf '[Settings]\ngtk-font-name=Cantarell 11\ngtk-enable-animations=false\n' > "$T/config/gtk-4.0/settings.ini"
cleanup() { kill $(cat "$T"/*.pid 2>/dev/null) 2>/dev/null; wait 2>/dev/null; rm -rf "$T"; }
trap cleanup EXIT
trap 'exit 143' TERM INT HUP
export HOME=$T/home XDG_RUNTIME_DIR=$T/run XDG_DATA_HOME=$T/data XDG_CONFIG_HOME=$T/config
export XDG_CACHE_HOME=$T/cache XDG_STATE_HOME=$T/state
unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS XAUTHORITY AT_SPI_BUS_ADDRESS
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
export GDK_BACKEND=x11 GSK_RENDERER=${GSK_RENDERER-cairo} GDK_DEBUG=${GDK_DEBUG-gl-disable}
export GSETTINGS_BACKEND=${GSETTINGS_BACKEND-memory} ADW_DISABLE_PORTAL=${ADW_DISABLE_PORTAL-1}
export GTK_USE_PORTAL=0 GIO_USE_VFS=local GIO_USE_VOLUME_MONITOR=unix GIO_USE_PROXY_RESOLVER=dummy
export LC_ALL=${LC_ALL-C.UTF-8} NO_AT_BRIDGE=0
exec 7> "$T/display"   # the server picks a free number itself and writes it when it is ready
Xvfb -displayfd 7 -screen 0 "${HEADLESS_SCREEN-1280x900x24}" -nolisten tcp -noreset > "$T/xvfb.log" 2>&1 &
echo $! > "$T/xvfb.pid"
exec 7>&-
# The very first start on a cold machine may take long: half a minute.
for _ in $(seq 1500); do
  [ -s "$T/display" ] && break
  kill -0 "$(cat "$T/xvfb.pid")" 2>/dev/null || { cat "$T/xvfb.log" >&2; exit 99; }
  sleep 0.02
done
[ -s "$T/display" ] || { echo "run-headless.sh: no virtual display after 30 seconds" >&2; exit 99; }
DISPLAY=:$(cat "$T/display")
export DISPLAY
if [ -n "${HEADLESS_WM-}" ]; then
  openbox --sm-disable > "$T/wm.log" 2>&1 &
  echo $! > "$T/wm.pid"
  for _ in $(seq 250); do
    xprop -root _NET_SUPPORTING_WM_CHECK 2>/dev/null | grep -q 'window id' && break
    sleep 0.02
  done
fi
# What services of the bus say goes to standard error; standard output is the command's alone.
dbus-run-session -- bash -c 'exec "$@" >&3 3>&-' command "$@" 3>&1 >&2
