package exports

import (
	"bytes"
	"go/types"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestImport(t *testing.T) {
	importer := NewImporter()
	find := func(path, name string) types.Object {
		p, err := importer.Import(path)
		require.NoError(t, err)
		require.True(t, p.Complete())
		return p.Scope().Lookup(name)
	}
	t.Run("a package of ours", func(t *testing.T) {
		assert.Contains(t, find("stepwise/pkg/fetch", "Get").String(), "yield stepwise/pkg/coro.Yield")
	})
	t.Run("one that another has mentioned has all its names", func(t *testing.T) {
		server := find("net/http", "Server").Type().Underlying().(*types.Struct)
		assert.NotNil(t, find("net", "Dial"))
		assert.Contains(t, types.TypeString(server, nil), "net.Conn")
	})
	t.Run("a type is the same wherever it is mentioned", func(t *testing.T) {
		reader := find("bufio", "NewReader").Type().(*types.Signature).Params().At(0).Type()
		assert.True(t, types.Identical(reader, find("io", "Reader").Type()))
	})
	t.Run("generic functions", func(t *testing.T) {
		assert.Equal(t, 2, find("slices", "Sort").Type().(*types.Signature).TypeParams().Len())
	})
	t.Run("by the name that gophernotes has for it", func(t *testing.T) {
		assert.Same(t, find("display", "HTML"), find("stepwise/cmd/kernel/display", "HTML"))
	})
	t.Run("unsafe", func(t *testing.T) { assert.NotNil(t, find("unsafe", "Pointer")) })
	for _, path := range []string{"example.com/x", "internal/poll", "stepwise/cmd/kernel/cell", "slices/sort.go", ""} {
		t.Run("no cell can import "+path, func(t *testing.T) {
			_, err := importer.Import(path)
			assert.ErrorIs(t, err, ErrUnknown)
			assert.False(t, Has(path))
		})
	}
	t.Run("it lists what it has", func(t *testing.T) {
		assert.Subset(t, Paths(), []string{"fmt", "net/http/httptest", "stepwise/pkg/loop", "golang.org/x/sys/unix", "testing/iotest"})
		assert.NotContains(t, Paths(), "go/types")
		assert.NotContains(t, Paths(), "slices/sort.go")
	})
	t.Run("the sources of a package in which all is generic", func(t *testing.T) {
		texts, err := Sources("slices")
		require.NoError(t, err)
		assert.Contains(t, string(bytes.Join(texts, nil)), "func BinarySearch[")
		texts, err = Sources("strings")
		assert.NoError(t, err)
		assert.Empty(t, texts)
	})
}
