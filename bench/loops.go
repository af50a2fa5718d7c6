package main

// How loops on several cores are measured: by how much they do in a second.

import "golang.org/x/sync/errgroup"

// rateOn has a load and a loop share each of the cores.
func rateOn(cores int) measurement {
	return func(b *bench, command string) (map[string]sample, error) {
		s, err := b.serve(command, b.cores[:cores])
		if err != nil {
			return nil, err
		}
		defer s.close()
		if _, err := b.programs.find(b.ctx, "c/loadgen"); err != nil { // before there are two of us
			return nil, err
		}
		sum, err := together(cores, func(i int) (float64, error) {
			values, err := b.load(s, b.cores[i], "rate", "-c", "64")
			return values["rate"], err
		})
		if err != nil {
			return nil, err
		}
		return map[string]sample{"loops": {figure: sum}}, nil
	}
}

// together runs n loads at once and adds up their rates.
func together(n int, load func(i int) (rate float64, err error)) (sum float64, err error) {
	rates := make([]float64, n)
	var loads errgroup.Group
	for i := range rates {
		loads.Go(func() (err error) {
			rates[i], err = load(i)
			return err
		})
	}
	err = loads.Wait()
	for _, rate := range rates {
		sum += rate
	}
	return sum, err
}
