package docs

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestEveryNameHasADoc holds the course's own packages to what the house asks for:
// every exported function, type and method says what it does.
func TestEveryNameHasADoc(t *testing.T) {
	assert.NotEmpty(t, course())
	for path, known := range course() {
		for name, entry := range known {
			assert.NotEmpty(t, entry.Signature+entry.Doc, "%s.%s", path, name)
		}
		assert.NotEmpty(t, known[""].Doc, path)
	}
}

func TestFind(t *testing.T) {
	cases := []struct{ path, name, signature, doc string }{
		{"stepwise/pkg/coro", "", "package coro", "Package coro"},
		{"stepwise/pkg/coro", "New", "func New(", "New"},
		{"stepwise/pkg/coro", "Coro.Send", "func (c *Coro) Send(", ""},
		{"stepwise/pkg/fetch", "Response.Body", "Body []byte", ""},
		{"net", "Conn.Read", "func (Conn) Read(b []byte) (n int, err error)", "Read reads data"},
		{"io", "ReadCloser.Close", "func (ReadCloser) Close() error", ""},
		{"io", "EOF", "", "EOF is the error"},
		{"net/http", "Client", "type Client struct {", "A Client is an HTTP client"},
		{"golang.org/x/sys/unix", "EpollWait", "func EpollWait(", ""},
	}
	for _, c := range cases {
		t.Run(c.path+" "+c.name, func(t *testing.T) {
			entry, ok := Find(c.path, c.name)
			assert.True(t, ok)
			assert.Contains(t, entry.Signature, c.signature)
			assert.Contains(t, entry.Doc, c.doc)
		})
	}
	for _, name := range []string{"Nothing", "new", "Conn.Nothing"} {
		_, ok := Find("net", name)
		assert.False(t, ok, name)
	}
	_, ok := Find("no/such/package", "New")
	assert.False(t, ok)
}

// A type's own signature must say what it has, comments in their places.
func TestSignatures(t *testing.T) {
	assert.Equal(t, "type Reader interface {\n\tRead(p []byte) (n int, err error)\n}", Of("io")["Reader"].Signature)
	assert.Contains(t, Of("net")["TCPConn"].Signature, "{\n\t// contains filtered or unexported fields\n}")
	assert.Contains(t, Of("net").Methods("TCPConn"), "func (c *TCPConn) CloseWrite() error")
	assert.Empty(t, Of("net").Methods("Conn"))
}
