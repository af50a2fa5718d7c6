package main

import (
	"errors"
	"fmt"
)

type T struct{}
type MyInt int

func describe(v any) string {
	switch x := v.(type) {
	case nil:
		return "nil"
	case int:
		return fmt.Sprint("int ", x+1)
	case MyInt:
		return fmt.Sprint("MyInt ", x+2)
	case string, []byte:
		return fmt.Sprintf("text %s", x)
	case error:
		return "error " + x.Error()
	case func() int:
		return fmt.Sprint("func ", x())
	case *T:
		return "pointer"
	case map[string]int:
		return fmt.Sprint("map ", len(x))
	case fmt.Stringer:
		return "stringer"
	default:
		return fmt.Sprintf("other %v", x)
	}
}

func main() {
	for _, v := range []any{nil, 1, MyInt(1), "s", []byte("b"), errors.New("e"), func() int { return 3 }, &T{}, map[string]int{"a": 1}, 1.5, T{}} {
		fmt.Println(describe(v))
	}
}
