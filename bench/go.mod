module stepwise/bench

go 1.26.0

toolchain go1.26.8

require (
	github.com/panjf2000/gnet/v2 v2.9.0
	github.com/stretchr/testify v1.11.1
	golang.org/x/sync v0.24.0
	golang.org/x/sys v0.49.0
	stepwise v0.0.0
)

require (
	github.com/davecgh/go-spew v1.1.1 // indirect
	github.com/panjf2000/ants/v2 v2.11.3 // indirect
	github.com/pmezard/go-difflib v1.0.0 // indirect
	github.com/valyala/bytebufferpool v1.0.0 // indirect
	go.uber.org/multierr v1.11.0 // indirect
	go.uber.org/zap v1.27.0 // indirect
	gopkg.in/natefinch/lumberjack.v2 v2.2.1 // indirect
	gopkg.in/yaml.v3 v3.0.1 // indirect
)

replace stepwise => ..
