#!/bin/sh
# Builds mediasoup-worker against Debian 12's own libraries: nothing is downloaded, pip is not used.
#
#   build-worker.sh NODE_MODULES/mediasoup OUTPUT_BINARY
#
# Environment: JOBS (default: the number of cores), MESON_EXTRA (more options for `meson setup`).
# The folder shims/ lies beside this script.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
pkg=$(cd "$1" && pwd)
case $2 in
	/*) out=$2 ;;
	*) out=$PWD/$2 ;;
esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Replaces one expected text in a file, or stops: a new mediasoup version that no longer has it wants a look, not a
# silent skip.
replace() { # FILE OLD NEW
	if ! grep -qF -- "$2" "$1"; then
		echo "build-worker: '$2' not found in $1" >&2
		exit 1
	fi
	OLD=$2 NEW=$3 perl -0pi -e 's/\Q$ENV{OLD}\E/$ENV{NEW}/g' "$1"
}

cp -r "$pkg/worker" "$work/worker"
cd "$work/worker"

# Every subproject that would be downloaded gives way to a shim of the same name over the distribution's library.
rm -rf subprojects
cp -r "$here/shims" subprojects

# Debian 12 has Meson 1.0.1; nothing in this build needs 1.1.
replace meson.build "meson_version: '>= 1.1.0'" "meson_version: '>= 1.0.0'"

# The BIO callback compares the whole operation with BIO_CB_RETURN, which is a flag, and so answers 1 to every
# BIO_ctrl() on the outgoing BIO. An OpenSSL built with kernel TLS, as Debian's is, reads that as 'the kernel sends, no
# write buffer needed' and crashes at the first DTLS record. (An OpenSSL built without kernel TLS never asks.)
replace src/RTC/DtlsTransport.cpp '(operationType == BIO_CB_RETURN)' '(operationType & BIO_CB_RETURN)'

meson setup --wrap-mode=nodownload --buildtype release -Db_ndebug=true ${MESON_EXTRA:-} build
ninja -C build -j "${JOBS:-$(nproc)}" mediasoup-worker
mkdir -p "$(dirname "$out")"
# Under another name first: an interrupted copy must not be taken for a worker.
strip -o "$out.part" build/mediasoup-worker
chmod 755 "$out.part"
mv "$out.part" "$out"
echo "built $out"
