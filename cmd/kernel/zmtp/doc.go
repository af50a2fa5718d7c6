// Package zmtp is the part of ZeroMQ's wire protocol that a notebook's kernel
// needs: sockets that listen, and that a stranger can't exhaust.
//
// It speaks ZMTP 3.0 and 3.1 (RFC 23 and 37 at rfc.zeromq.org) with the NULL
// mechanism, over TCP and unix sockets. There are three kinds. A Router receives
// requests and sends replies to the peer that asked; a Pub sends what is published
// to every subscriber; an Echo returns what it gets, as a sign of life.
// Nothing here dials.
//
//	listener, err := zmtp.Listen("tcp", "127.0.0.1:0")
//	router := zmtp.NewRouter(listener, check, zmtp.DefaultLimits(), log.Printf)
//	go router.Serve()
//	for {
//		message, err := router.Recv() // the peer's name, then its frames
//		if err != nil {
//			break
//		}
//		err = router.Send(message)
//	}
//
// ZMTP's NULL mechanism lets in everyone who can connect: the key of Jupyter's
// messages is the only lock. So three principles hold for peers that have shown no
// key:
//
//  1. What a peer announces costs nothing; memory follows bytes that have arrived,
//     and those are bounded, for a peer and for all of them.
//  2. No peer is waited for without a deadline, and never in the accept loop.
//  3. What one peer does or leaves undone ends that peer's connection alone.
//
// Nothing that allocates by a number from the wire, or that writes to one peer
// while others wait, must be added. Read limits.go, accept.go, peer.go and
// outbox.go, in this order.
package zmtp
