package build

import (
	"archive/zip"
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/go/gcexportdata"
)

// TestExports: what a kernel knows of a package is what the compiler knows, and not more.
func TestExports(t *testing.T) {
	out := filepath.Join(t.TempDir(), "exports.zip")
	require.NoError(t, writeExports(t.Context(), "../../..", out, nil))
	archive, err := zip.OpenReader(out)
	require.NoError(t, err)
	defer archive.Close()
	listed, err := ListExports(t.Context(), "../../..", nil)
	require.NoError(t, err)
	assert.Len(t, archive.File, len(listed))
	gos, ours := make(map[string]*types.Package), make(map[string]*types.Package)
	var before, after int64
	for _, file := range archive.File {
		name := file.Name
		if path.Ext(name) == ".go" {
			continue
		}
		compilers, err := OpenExport(listed[name])
		require.NoError(t, err)
		want, err := gcexportdata.Read(compilers, token.NewFileSet(), gos, name)
		require.NoError(t, err)
		require.NoError(t, compilers.Close())
		kernels, err := file.Open()
		require.NoError(t, err)
		have, err := gcexportdata.Read(kernels, token.NewFileSet(), ours, name)
		require.NoError(t, err)
		require.NoError(t, kernels.Close())
		assert.Equal(t, described(want), described(have), name)
		info, err := os.Stat(listed[name])
		require.NoError(t, err)
		before, after = before+info.Size(), after+int64(file.UncompressedSize64)
	}
	assert.Less(t, after, before/2, "the bodies of functions are left out")
}

// described are the declarations of a package, with the methods of its types.
func described(p *types.Package) (all []string) {
	for _, name := range p.Scope().Names() {
		o := p.Scope().Lookup(name)
		if !o.Exported() {
			continue
		}
		all = append(all, strings.ReplaceAll(o.String()+" of "+types.TypeString(o.Type().Underlying(), nil), "interface{}", "any"))
		if c, ok := o.(*types.Const); ok {
			value := c.Val().ExactString()
			if c.Val().Kind() == constant.Float { // of which 512 bits are kept
				value = fmt.Sprint(constant.Float64Val(c.Val()))
			}
			all = append(all, value)
		}
		for s := range types.NewMethodSet(types.NewPointer(o.Type())).Methods() {
			all = append(all, s.String())
		}
	}
	return all
}
