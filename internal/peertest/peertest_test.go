package peertest

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNginx(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "page"), []byte("a page"), 0o644))
	address := Nginx(t, dir, `location = /here { return 200 "said"; }`)
	for path, want := range map[string]string{"/page": "a page", "/here": "said"} {
		r, err := http.Get("http://" + address + path)
		require.NoError(t, err)
		got, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		require.NoError(t, r.Body.Close())
		assert.Equal(t, want, string(got))
	}
	http.DefaultClient.CloseIdleConnections()
}
