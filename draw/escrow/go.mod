module github.com/doublerandom/doublerandom/draw/escrow

go 1.25.0

replace github.com/doublerandom/doublerandom => ../..

require (
	github.com/cloudflare/circl v1.6.5
	github.com/doublerandom/doublerandom v0.0.0-00010101000000-000000000000
	github.com/stretchr/testify v1.12.1
)

require (
	github.com/bwesterb/go-ristretto v1.2.4 // indirect
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/crypto v0.54.0 // indirect
	golang.org/x/sys v0.47.0 // indirect
)
