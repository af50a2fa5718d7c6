package sys

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"golang.org/x/sys/unix"
)

// answers is a table whose every call returns n and err.
func answers(n int, err error) *Calls {
	return &Calls{
		Socket:         func(int) (int, error) { return n, err },
		Connect:        func(int, unix.Sockaddr) error { return err },
		SocketError:    func(int) error { return err },
		Bind:           func(int, unix.Sockaddr) error { return err },
		Listen:         func(int, int) error { return err },
		Accept:         func(int) (int, unix.Sockaddr, error) { return n, nil, err },
		Recv:           func(int, []byte) (int, error) { return n, err },
		Send:           func(int, []byte) (int, error) { return n, err },
		SendFile:       func(int, int, int64, int) (int, error) { return n, err },
		SocketDatagram: func(int) (int, error) { return n, err },
		RecvFrom:       func(int, []byte) (int, bool, unix.Sockaddr, error) { return n, false, nil, err },
		SendTo:         func(int, []byte, unix.Sockaddr) error { return err },
		Shutdown:       func(int, int) error { return err },
		SetOption:      func(int, int, int, int) error { return err },
		SetLinger:      func(int, unix.Linger) error { return err },
		LocalName:      func(int) (unix.Sockaddr, error) { return nil, err },
		PeerName:       func(int) (unix.Sockaddr, error) { return nil, err },
		Peek:           func(int) (int, error) { return n, err },
		Close:          func(int) error { return err },
	}
}

// callAll makes each call once, on descriptor 7, and returns the errors.
func callAll(c *Calls) (errs []error) {
	keep := func(err error) { errs = append(errs, err) }
	_, err := c.Socket(unix.AF_INET)
	keep(err)
	keep(c.Connect(7, nil))
	keep(c.SocketError(7))
	keep(c.Bind(7, nil))
	keep(c.Listen(7, 1))
	_, _, err = c.Accept(7)
	keep(err)
	_, err = c.Recv(7, nil)
	keep(err)
	_, err = c.Send(7, nil)
	keep(err)
	_, err = c.SocketDatagram(unix.AF_INET)
	keep(err)
	_, _, _, err = c.RecvFrom(7, nil)
	keep(err)
	keep(c.SendTo(7, []byte("hello"), nil))
	_, err = c.SendFile(7, 8, 0, 9)
	keep(err)
	keep(c.Shutdown(7, 0))
	keep(c.SetOption(7, 1, 2, 3))
	keep(c.SetLinger(7, unix.Linger{}))
	_, err = c.LocalName(7)
	keep(err)
	_, err = c.PeerName(7)
	keep(err)
	_, err = c.Peek(7)
	keep(err)
	keep(c.Close(7))
	return errs
}

func TestTold(t *testing.T) {
	for _, err := range []error{nil, unix.EAGAIN} {
		t.Run(fmt.Sprint("the answer is ", err), func(t *testing.T) {
			var got []string
			errs := callAll(Told(answers(5, err), func(name string, fd, n int, e error) {
				assert.Equal(t, err, e, name)
				got = append(got, fmt.Sprintf("%s %d %d", name, fd, n))
			}))
			for i, e := range errs {
				assert.Equal(t, err, e, got[i])
			}
			sent := "sendmsg 7 5"
			if err != nil {
				sent = "sendmsg 7 0"
			}
			assert.Equal(t, []string{"socket 5 5", "connect 7 0", "getsockopt 7 0", "bind 7 0", "listen 7 0", "accept 7 5",
				"recv 7 5", "send 7 5", "socket 5 5", "recvmsg 7 5", sent, "sendfile 7 5", "shutdown 7 0",
				"setsockopt 7 0", "setsockopt 7 0", "getsockname 7 0", "getpeername 7 0", "peek 7 5", "close 7 0"}, got)
		})
	}
}

// TestToldIsOfEveryCall: each call of the table is made, and no other, and then told; also
// one that is added to the table.
func TestToldIsOfEveryCall(t *testing.T) {
	told, made := 0, []string{}
	calls := &Calls{}
	table := reflect.ValueOf(calls).Elem()
	for i := range table.NumField() {
		name, of := table.Type().Field(i).Name, table.Field(i).Type()
		table.Field(i).Set(reflect.MakeFunc(of, func([]reflect.Value) []reflect.Value {
			made = append(made, name)
			return zeros(of.NumOut(), of.Out)
		}))
	}
	telling := reflect.ValueOf(Told(calls, func(string, int, int, error) { told++ })).Elem()
	for i := range telling.NumField() {
		told, made = 0, nil
		of := telling.Field(i).Type()
		telling.Field(i).Call(zeros(of.NumIn(), of.In))
		assert.Equal(t, []string{table.Type().Field(i).Name}, made)
		assert.Equal(t, 1, told, made)
	}
}

// zeros are n zero values of these types.
func zeros(n int, of func(int) reflect.Type) (all []reflect.Value) {
	for i := range n {
		all = append(all, reflect.Zero(of(i)))
	}
	return all
}

func TestToldLeavesTheTableAsItIs(t *testing.T) {
	told := 0
	table := answers(1, nil)
	Told(table, func(string, int, int, error) { told++ })
	callAll(table)
	assert.Zero(t, told)
}
