module github.com/doublerandom/doublerandom/registry/xlsx

go 1.25.0

replace github.com/doublerandom/doublerandom => ../..

require (
	github.com/doublerandom/doublerandom v0.0.0-00010101000000-000000000000
	github.com/stretchr/testify v1.12.1
	github.com/xuri/excelize/v2 v2.11.0
)

require (
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	github.com/richardlehane/mscfb v1.0.7 // indirect
	github.com/richardlehane/msoleps v1.0.6 // indirect
	github.com/tiendc/go-deepcopy v1.7.2 // indirect
	github.com/xuri/efp v0.0.1 // indirect
	github.com/xuri/nfp v0.0.2-0.20250530014748-2ddeb826f9a9 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/crypto v0.53.0 // indirect
	golang.org/x/net v0.56.0 // indirect
	golang.org/x/text v0.38.0 // indirect
)
