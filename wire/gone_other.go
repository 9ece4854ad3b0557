//go:build !linux

package wire

import "net"

// peerGone is not known on this system: a client that went away is noticed with the next write.
func peerGone(net.Conn) bool { return false }
