package main

import (
	"errors"
	"fmt"

	"stepwise/pkg/future"
	"stepwise/pkg/loop"
)

type answer struct{ n int }

func main() {
	l, err := loop.New(loop.Options{})
	if err != nil {
		panic(err)
	}
	defer l.Close()
	f, g, h := future.New(l), future.NewOf[answer](l), future.New(l)
	for i, x := range []*future.Future{f, h} {
		remove := x.AddDoneCallback(func() { fmt.Println("removed") })
		fmt.Println(remove(), remove())
		x.AddDoneCallback(func() {
			v, err := x.Result()
			fmt.Println(i, v, err, x.State(), x.Done(), x.Failed())
		})
	}
	g.AddDoneCallback(func() {
		v, err := g.Value()
		fmt.Println(v.n, err)
		l.Stop()
	})
	_, err = f.Result()
	fmt.Println(errors.Is(err, future.ErrNotReady))
	l.CallSoon(func() { fmt.Println(f.SetError(errors.New("no luck"))) })
	l.CallSoon(func() { fmt.Println(g.SetResult(answer{42})) })
	l.CallSoon(func() { fmt.Println(h.Cancel(), h.Cancel()) })
	fmt.Println(l.Run())
	fmt.Println(errors.Is(f.SetResult(1), future.ErrDone), f.State() == future.Finished)
}
