package lower_test

import (
	"bytes"
	"fmt"
	"go/types"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/go/packages"

	"stepwise/cmd/kernel/cell"
	"stepwise/cmd/kernel/display"
	"stepwise/cmd/kernel/exports"
	_ "stepwise/cmd/kernel/tables"
)

// TestGenerics: cells one after the other, separated by ---. The last one's value is want,
// or what it is refused for.
func TestGenerics(t *testing.T) {
	for _, c := range []struct{ name, cells, want string }{
		{"a function for two types", "func first[T any](l []T) T { return l[0] }\n---\nfirst([]int{7}) + len(first([]string{\"ab\"}))", "9"},
		{"in the cell that declares it", "func twice[T ~int | ~string](v T) T { return v + v }\ntwice(2) + len(twice(\"a\"))", "6"},
		{"a function that a later cell declares anew", "func f[T any](v T) int { return 1 }\nx := f(0)\n---\nfunc f[T any](v T) int { return 2 }\n---\nx*10 + f(0)", "12"},
		{"a type of a later cell as an argument", "type box[T any] struct{ v T }\nfunc (b box[T]) get() T { return b.v }\n---\ntype point struct{ x, y int }\nb := box[point]{point{3, 4}}\n---\nb.get().x * b.v.y", "12"},
		{"an argument whose name a later cell gives to another type", "type p struct{ x int }\ntype box[T any] struct{ v T }\na := box[p]{p{2}}\n---\ntype p string\n---\nb := box[p]{\"abc\"}\nlen(b.v) + a.v.x", "5"},
		{"an argument that is declared again as it was", "type p struct{ x int }\ntype box[T any] struct{ v T }\na := box[p]{p{2}}\n---\ntype p struct{ x int }\n---\na = box[p]{p{5}}\na.v.x", "5"},
		{"a method that a later cell adds", "type box[T any] struct{ v T }\nb := box[int]{3}\n---\nfunc (b *box[T]) twice() []T { return []T{b.v, b.v} }\n---\nb.twice()[1] + len((&box[string]{}).twice())", "5"},
		{"a generic function that uses a later type through another", "func wrap[T any](v T) []T { return single(v) }\nfunc single[U any](v U) []U { return []U{v} }\n---\ntype p struct{ n int }\nwrap(p{4})[0].n", "4"},
		{"a recursive type", "type list[T any] struct {\n\tv T\n\tnext *list[T]\n}\nfunc (l *list[T]) len() int {\n\tif l == nil {\n\t\treturn 0\n\t}\n\treturn 1 + l.next.len()\n}\n---\n(&list[int]{1, &list[int]{2, nil}}).len()", "2"},
		{"an instance as an embedded field", "type base[T any] struct{ v T }\nfunc (b base[T]) get() T { return b.v }\ntype both struct {\n\tbase[int]\n\tname string\n}\nb := both{base: base[int]{6}}\n---\nb.get() + b.base.v + b.v", "18"},
		{"a function value", "func id[T any](v T) T { return v }\nf := id[int]\ng := map[string]func(string) string{\"id\": id[string]}\n---\nf(3) + len(g[\"id\"](\"ab\"))", "5"},
		{"a constraint with a method", "type named interface{ name() string }\ntype dog struct{}\nfunc (dog) name() string { return \"rex\" }\nfunc names[T named](l ...T) (s string) {\n\tfor _, v := range l {\n\t\ts += v.name()\n\t}\n\treturn s\n}\n---\nlen(names(dog{}, dog{}))", "6"},
		{"a type switch whose cases become equal", "func kind[T any](v T) string {\n\tswitch any(v).(type) {\n\tcase int:\n\t\treturn \"int\"\n\tcase T:\n\t\treturn \"T\"\n\t}\n\treturn \"?\"\n}\n---\nlen(kind(1))*10 + len(kind(\"a\"))", "31"},
		{"a variable of a generic function's own type", "func pair[T any](a, b T) any {\n\ttype two struct{ a, b T }\n\tv := two{a, b}\n\treturn v.b\n}\n---\npair(1, 2).(int) + len(pair(\"a\", \"bc\").(string))", "4"},
		{"an alias", "type set[T comparable] = map[T]bool\ns := set[int]{4: true}\n---\nlen(s)", "1"},
		{"a package's generics", "import (\n\t\"maps\"\n\t\"slices\"\n)\n---\nl := slices.Sorted(maps.Keys(map[string]int{\"b\": 1, \"a\": 2}))\nslices.Index(l, \"b\")", "1"},
		{"a package's function that returns an iterator", "import (\n\t\"slices\"\n\t\"strings\"\n)\n---\nseq := strings.SplitSeq(\"a,b\", \",\")\nn := 0\nseq(func(s string) bool {\n\tn += len(s)\n\treturn true\n})\nn + len(slices.Collect(strings.Lines(\"a\\nb\\nc\")))", "5"},
		{"a package's generic type", "import \"sync/atomic\"\nvar p atomic.Pointer[int]\n---\nn := 3\nold := p.Swap(&n)\np.CompareAndSwap(&n, nil)\nold == nil && p.Load() == nil", "true"},
		{"typed results of the course", "import (\n\t\"stepwise/pkg/coro\"\n\t\"stepwise/pkg/loop\"\n\t\"stepwise/pkg/task\"\n)\nl, _ := loop.New(loop.Options{})\n---\nn, err := task.RunAs(l, func(yield coro.Yield) (int, error) {\n\ta := task.SpawnAs(l, func(yield coro.Yield) (int, error) { return 3, nil })\n\tb := task.SpawnAs(l, func(yield coro.Yield) (int, error) { return 4, nil })\n\tall, err := task.GatherAs(yield, a, b)\n\tif err != nil {\n\t\treturn 0, err\n\t}\n\tv, err := task.AwaitAs(yield, a)\n\treturn v + all[1], err\n})\nif err != nil {\n\tpanic(err)\n}\nn", "7"},
		{"a typed future", "import (\n\t\"stepwise/pkg/coro\"\n\t\"stepwise/pkg/future\"\n\t\"stepwise/pkg/loop\"\n\t\"stepwise/pkg/task\"\n)\nl, _ := loop.New(loop.Options{})\n---\nv, err := task.RunAs(l, func(yield coro.Yield) (string, error) {\n\tf := future.NewOf[string](l)\n\tl.CallSoon(func() { _ = f.SetResult(\"abc\") })\n\treturn task.AwaitAs(yield, f)\n})\nif err != nil {\n\tpanic(err)\n}\nlen(v)", "3"},
		{"a typed queue, and one of any", "import \"stepwise/pkg/wait\"\ntype job struct{ n int }\nq := wait.NewQueueOf[job](2)\nr := wait.NewQueue(1)\n---\nerr := q.PutNowait(job{5})\nj, err := q.GetNowait()\nerr = r.PutNowait(j)\nv, err := r.GetNowait()\nv.(job).n", "5"},
		{"a type of a function as an argument", "func first[T any](l []T) T { return l[0] }\n---\nfunc f() int {\n\ttype row struct{ n int }\n\treturn first([]row{{1}}).n\n}", "In[2]:2:7: the type row is declared in a function, and cells can't use it as a type argument: declare it outside of the function"},
		{"a package's that cells can't have", "import (\n\t\"encoding/json\"\n\t\"reflect\"\n)\n---\nreflect.TypeFor[int]()", "In[2]:1:9: cells can't use reflect.TypeFor: the interpreter has no generics, and there is no other form of it"},
		{"a method that a later cell replaces", "type box[T any] struct{ v T }\nfunc (b box[T]) get() int { return 1 }\nb := box[int]{3}\n---\nfunc (b box[T]) get() int { return 2 }\n---\nb.get()*10 + box[string]{}.get()", "22"},
		{"a type and a variable from before the first generic cell", "type p struct{ x int }\nv := p{1}\n---\nfunc id[T any](v T) T { return v }\n---\nw := id(v)\n---\nv = w\nid(v).x + id(w).x", "2"},
		{"a cell that has no other form leaves nothing", "import \"reflect\"\nfunc f[T any](v T) T { return v }\n---\nx := f(1)\nreflect.TypeFor[int]()\n---\nf(1)", "1"},
		{"a cell that is refused leaves nothing", "func f[T any](v T) T { return v }\n---\nf(1) + nothing\n---\nf(1) + len(f(\"a\"))", "2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := cell.New()
			require.NoError(t, err)
			var last cell.Result
			for i, code := range strings.Split(c.cells, "\n---\n") {
				last = s.Run(code, i+1)
			}
			if last.Failure != nil {
				assert.Contains(t, last.Failure.String(), c.want)
				assert.Contains(t, c.want, "In[", last.Failure)
				return
			}
			assert.Equal(t, c.want, fmt.Sprint(last.Value.Data[display.MIMETypeText]))
		})
	}
}

// TestLibrary: what is generic in a package is in the library with the same types, or comes
// from Go's own source.
func TestLibrary(t *testing.T) {
	missing := map[string]bool{"sync/atomic": false, "sync": false}
	require.NoError(t, fs.WalkDir(os.DirFS("library"), ".", func(path string, d fs.DirEntry, err error) error {
		if files, _ := filepath.Glob(filepath.Join("library", path, "*.go")); d.IsDir() && len(files) > 0 {
			missing[path] = true
		}
		return err
	}))
	for path, there := range missing {
		t.Run(path, func(t *testing.T) {
			require.True(t, there)
			all, err := packages.Load(&packages.Config{Mode: packages.NeedTypes | packages.NeedName | packages.NeedImports | packages.NeedDeps | packages.NeedSyntax | packages.NeedTypesInfo}, path, "stepwise/cmd/kernel/lower/library/"+path)
			require.NoError(t, err)
			require.Len(t, all, 2)
			real, ours := all[0].Types, all[1].Types
			if real.Path() != path {
				real, ours = ours, real
			}
			gos, err := exports.Sources(path)
			require.NoError(t, err)
			for _, name := range real.Scope().Names() {
				o := real.Scope().Lookup(name)
				if !o.Exported() || !genericObject(o) || path == "iter" && strings.HasPrefix(name, "Seq") {
					continue
				}
				have := ours.Scope().Lookup(name)
				if have == nil && bytes.Contains(bytes.Join(gos, nil), []byte("\nfunc "+name+"[")) {
					continue
				}
				if assert.NotNil(t, have, "the library has no %s.%s", path, name) {
					assert.Equal(t, described(o), described(have))
				}
			}
		})
	}
}

func genericObject(o types.Object) bool {
	t, ok := o.Type().(interface{ TypeParams() *types.TypeParamList })
	return ok && t.TypeParams().Len() > 0
}

// described is the type of a function, or the methods of a type.
func described(o types.Object) string {
	name := func(p *types.Package) string {
		return strings.TrimPrefix(p.Path(), "stepwise/cmd/kernel/lower/library/")
	}
	var all []string
	if named, ok := o.Type().(*types.Named); ok {
		methods := types.NewMethodSet(types.NewPointer(named))
		for i := range methods.Len() {
			if m := methods.At(i).Obj(); m.Exported() {
				all = append(all, m.Name()+strings.TrimPrefix(types.TypeString(m.Type(), name), "func"))
			}
		}
	} else {
		all = append(all, types.TypeString(o.Type(), name))
	}
	return strings.Join(all, "\n")
}
