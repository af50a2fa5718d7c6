package main

import (
	"fmt"
	"sort"
	"sync"
)

func main() {
	jobs, results := make(chan int), make(chan [2]int)
	var wg sync.WaitGroup
	for w := 0; w < 3; w++ {
		wg.Add(1)
		go func(id int) {
			defer wg.Done()
			for j := range jobs {
				results <- [2]int{j, j * 2}
			}
		}(w)
	}
	go func() {
		for i := 1; i <= 6; i++ {
			jobs <- i
		}
		close(jobs)
		wg.Wait()
		close(results)
	}()
	var all []int
	for r := range results {
		all = append(all, r[1])
	}
	sort.Ints(all)
	fmt.Println(all)
}
