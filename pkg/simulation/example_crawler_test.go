package simulation_test

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/fetch"
	"stepwise/pkg/loop"
	"stepwise/pkg/simulation"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// politely fetches a page. It tries five times, each for ten seconds at most, and pauses
// twice as long before each try as before the last.
func politely(yield coro.Yield, url string) (page string, err error) {
	client := fetch.Client{Timeout: 10 * time.Second}
	for tries, pause := 1, time.Second; ; tries, pause = tries+1, 2*pause {
		answer, err := client.Get(yield, url)
		if err == nil {
			return string(answer.Body), nil
		}
		if tries == 5 {
			return "", err
		}
		if err := task.Sleep(yield, pause); err != nil {
			return "", err
		}
	}
}

// crawlShop fetches each page that can be reached from "/", and returns their paths.
func crawlShop(yield coro.Yield) (found []string, err error) {
	found = []string{"/"}
	for next := 0; next < len(found); next++ {
		page, err := politely(yield, "http://shop.example"+found[next])
		if err != nil {
			return found, err
		}
		for _, path := range link.FindAllString(page, -1) {
			if !strings.Contains(strings.Join(found, " ")+" ", path+" ") {
				found = append(found, path)
			}
		}
	}
	return found, nil
}

// A crawler that tries again, on a network that is rough, resets connections and is cut for
// a while, with a hundred seeds. It takes half a minute of the World's time, and none of yours.
func Example_crawler() {
	for seed := range uint64(100) {
		w := simulation.New(seed, simulation.Rough)
		w.Host("shop.example", "203.0.113.7")
		w.Script(
			simulation.Refuse("shop.example:80", 2),
			simulation.Reset("shop.example:80", 1000), // in the middle of an answer
			simulation.At(5*time.Second, simulation.Delay("shop.example", time.Second)),
			simulation.At(6*time.Second, simulation.Partition("shop.example")),
			simulation.At(25*time.Second, simulation.Repair()),
		)
		err := w.Run(func(yield coro.Yield, l *loop.Loop) error {
			listener, err := sock.Listen(l, "203.0.113.7:80")
			if err != nil {
				return err
			}
			task.Spawn(l, func(yield coro.Yield) (any, error) { return serveSite(yield, l, listener) })
			found, err := crawlShop(yield)
			if err == nil && len(found) != len(site) {
				err = errors.New("it has missed a page: " + strings.Join(found, " "))
			}
			return err
		})
		if err != nil {
			fmt.Println(err) // it names the seed and the script
			return
		}
	}
	fmt.Println("all pages, with each seed")
	// Output: all pages, with each seed
}
