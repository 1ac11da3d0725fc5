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

# A header extension may be 256 KiB long by its length field, but the way by which the payload moves when it is written
# anew is kept in 16 bits: from 32 KiB on it turns round, the packet would grow beyond its buffer, and the worker ends
# itself with everybody on it. docs/mediasoup-rtp-extension.md is the report.
replace src/RTC/RTP/Packet.cpp 'int16_t shift{ 0 };' 'std::ptrdiff_t shift{ 0 };'
replace src/RTC/RTP/Packet.cpp \
	'shift = static_cast<int16_t>(paddedExtensionsLength - previousHeaderExtensionValueLength);' \
	'shift = static_cast<std::ptrdiff_t>(paddedExtensionsLength) - static_cast<std::ptrdiff_t>(previousHeaderExtensionValueLength);'
replace src/RTC/RTP/Packet.cpp \
	'shift = 4 + static_cast<int16_t>(paddedExtensionsLength);' \
	'shift = 4 + static_cast<std::ptrdiff_t>(paddedExtensionsLength);'

# An extension without a value has its place among those of two bytes, and none among those of one; which kind to write is
# chosen by the longest alone, so that one without beside others ends the worker by an error that nobody catches.
replace src/RTC/RTP/Packet.cpp 'uint8_t highestLen{ 0 };' 'uint8_t highestLen{ 0 };
				bool empty{ false };'
replace src/RTC/RTP/Packet.cpp \
	'highestLen = std::max(extension.len, highestLen);' \
	'highestLen = std::max(extension.len, highestLen);
					empty      = empty || extension.len == 0;'
replace src/RTC/RTP/Packet.cpp 'highestId <= 14 && highestLen > 0 &&' 'highestId <= 14 && !empty && highestLen > 0 &&'

# Nothing honest is larger than a link's packet (1,500 bytes): what is over 2 KiB never comes to a parser, over UDP or TCP.
# And whatever a packet leads to is that packet's end at most: an error goes no further than to where it came in.
replace src/handles/UdpSocketHandle.cpp '#include "Utils.hpp"' '#include "Utils.hpp"
#include <exception>'
replace src/handles/UdpSocketHandle.cpp \
	'UserOnUdpDatagramReceived(reinterpret_cast<uint8_t*>(buf->base), nread, ReadBufferSize, addr);' \
	'if (nread <= 2048)
		{
			try
			{
				UserOnUdpDatagramReceived(reinterpret_cast<uint8_t*>(buf->base), nread, ReadBufferSize, addr);
			}
			catch (const std::exception&)
			{
				// Told where it was thrown.
			}
		}'
replace src/RTC/TcpConnection.cpp '#include "Utils.hpp"' '#include "Utils.hpp"
#include <exception>'
replace src/RTC/TcpConnection.cpp 'if (packetLen != 0)' 'if (packetLen != 0 && packetLen <= 2048)'
replace src/RTC/TcpConnection.cpp \
	'this->listener->OnTcpConnectionPacketReceived(
					  this, ReadBuffer, packetLen, ReadBufferSize, receivedAtUs);' \
	'try
					{
						this->listener->OnTcpConnectionPacketReceived(
						  this, ReadBuffer, packetLen, ReadBufferSize, receivedAtUs);
					}
					catch (const std::exception&)
					{
						// Told where it was thrown.
					}'

# A TCP connection that says nothing keeps its place for ever. Each newcomer looks through the others: what has brought
# no byte since the look before, half a minute ago or more, is closed. (Browsers ask for consent every few seconds.)
replace include/handles/TcpServerHandle.hpp '#include <string>' '#include <string>
#include <unordered_map>'
replace include/handles/TcpServerHandle.hpp '	bool closed{ false };' '	// Bytes each connection had brought at the last look, and when that was.
	std::unordered_map<TcpConnectionHandle*, size_t> heard;
	uint64_t lookedAt{ 0 };
	bool closed{ false };'
replace src/handles/TcpServerHandle.cpp '#include "Utils.hpp"' '#include "Utils.hpp"
#include <cstdlib> // std::getenv(), std::strtoull()
#include <vector>'
replace src/handles/TcpServerHandle.cpp '	this->connections.insert(connection);' '	this->connections.insert(connection);

	static const char* given        = std::getenv("CARRIAGEWAY_TCP_IDLE_MS");
	static const uint64_t patience  = given ? std::strtoull(given, nullptr, 10) : 30000;
	const uint64_t now              = uv_now(this->uvHandle->loop);

	if (now - this->lookedAt < patience)
	{
		return;
	}

	this->lookedAt = now;

	std::vector<TcpConnectionHandle*> idle;

	for (auto* each : this->connections)
	{
		const auto known = this->heard.find(each);

		if (known != this->heard.end() && known->second == each->GetRecvBytes())
		{
			idle.push_back(each);
		}

		this->heard[each] = each->GetRecvBytes();
	}

	for (auto* each : idle)
	{
		OnTcpConnectionClosed(each);
	}'
replace src/handles/TcpServerHandle.cpp '	this->connections.erase(connection);' '	this->connections.erase(connection);
	this->heard.erase(connection);'

meson setup --wrap-mode=nodownload --buildtype release -Db_ndebug=true ${MESON_EXTRA:-} build
# First what is generated: parts of the tree include it without saying so.
ninja -C build fbs/FBS/transport.h
ninja -C build -j "${JOBS:-$(nproc)}" mediasoup-worker
mkdir -p "$(dirname "$out")"
# Under another name first: an interrupted copy must not be taken for a worker.
strip -o "$out.part" build/mediasoup-worker
chmod 755 "$out.part"
mv "$out.part" "$out"
echo "built $out"
