package fetch_test

import (
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/internal/programtest"
	"stepwise/pkg/faulty"
)

// TestProgramInTheDoc: it can be copied, and gets a page.
func TestProgramInTheDoc(t *testing.T) {
	server := faulty.HTTP("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
	defer server.Close()
	out, err := exec.Command(programtest.OfDoc(t, "fetch.go", "http://127.0.0.1:8000/", server.URL())).CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Equal(t, "\"200 OK\", 5 bytes\n", string(out))
}
