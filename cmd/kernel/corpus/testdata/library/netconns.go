package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
)

// A counted is a connection that counts what it reads.
type counted struct {
	*net.TCPConn
	n int
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.TCPConn.Read(p)
	c.n += n
	return n, err
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func main() {
	loopback := net.IPv4(127, 0, 0, 1)
	listener := must(net.ListenTCP("tcp", &net.TCPAddr{IP: loopback}))
	defer listener.Close()
	tcp := must(net.DialTCP("tcp", nil, listener.Addr().(*net.TCPAddr)))
	other := must(listener.AcceptTCP())
	defer other.Close()

	var c net.Conn = tcp
	t, ok := c.(*net.TCPConn)
	fmt.Println(t == tcp, ok)
	var r io.Reader = tcp
	switch x := r.(type) {
	case *net.TCPConn:
		fmt.Println("tcp", x == tcp)
	case net.Conn:
		fmt.Println("conn")
	}
	var a any = c
	_, ok = a.(*net.TCPConn)
	fmt.Printf("%v %T %T %T\n", ok, c, r, a)
	_, err := net.DialTCP("udp", nil, nil)
	fmt.Println(err)

	fmt.Fprintln(other, "first")
	fmt.Print(bufio.NewReader(tcp).ReadString('\n'))
	read := tcp.Read
	fmt.Fprint(other, "second")
	b := make([]byte, 6)
	n, err := read(b)
	fmt.Println(string(b[:n]), err)
	count := &counted{TCPConn: tcp}
	fmt.Fprint(other, "third")
	other.CloseWrite()
	text, err := io.ReadAll(count)
	fmt.Println(string(text), err, count.n, count.Close())
	var none *net.TCPConn
	c = none
	fmt.Println(c == nil)

	udp := must(net.ListenUDP("udp", &net.UDPAddr{IP: loopback}))
	defer udp.Close()
	sender := must(net.DialUDP("udp", nil, udp.LocalAddr().(*net.UDPAddr)))
	defer sender.Close()
	fmt.Fprint(sender, "ping")
	n, from, err := udp.ReadFromUDP(b)
	fmt.Println(string(b[:n]), from.IP, err)
	fmt.Println(udp.WriteTo([]byte("pong"), from))
	n, err = sender.Read(b)
	fmt.Println(string(b[:n]), err)
	packets := must(net.ListenPacket("udp", "127.0.0.1:0"))
	defer packets.Close()
	fmt.Println(udp.WriteTo([]byte("packet"), packets.LocalAddr()))
	n, _, err = packets.ReadFrom(b)
	fmt.Println(string(b[:n]), err)
	u, ok := packets.(*net.UDPConn)
	fmt.Println(u != nil, ok)
}
