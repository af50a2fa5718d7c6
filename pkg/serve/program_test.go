package serve_test

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/internal/programtest"
)

// TestProgramInTheDoc: it can be copied, answers, and ends at Ctrl-C.
func TestProgramInTheDoc(t *testing.T) {
	program := exec.Command(programtest.OfDoc(t, "serve.go", "127.0.0.1:8000", "127.0.0.1:0"))
	out, err := program.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, program.Start())
	defer program.Process.Kill()
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	at, ok := strings.CutPrefix(strings.TrimSpace(line), "serving on ")
	require.True(t, ok, "%q", line)
	answer, err := http.Get("http://" + at + "/you")
	require.NoError(t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	require.Equal(t, "hello, /you\n", string(body))
	http.DefaultClient.CloseIdleConnections()
	require.NoError(t, program.Process.Signal(os.Interrupt))
	require.NoError(t, program.Wait())
}
