#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes toy certificates for the tests of the window in the folder given: a root, an Apple-like intermediate,
# pass certificates below it, a server's, a request, keys, and PKCS #12 files. The password is in the file "password".
#
#   make-toys.sh FOLDER
set -eu
cd "$1"
umask 077
# Those of the machine must not matter.
printf '[req]\ndistinguished_name=dn\n[dn]\n' > openssl.cnf
OPENSSL_CONF=$PWD/openssl.cnf
export OPENSSL_CONF
printf 'correct horse' > password

key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2> /dev/null; }

# sign NAME SUBJECT DAYS ISSUER EXTENSIONS: makes NAME.key where there is none, and NAME.pem
sign() {
  [ -f "$1.key" ] || key "$1.key"
  printf '%s\n' "$5" > "$1.ext"
  openssl req -new -utf8 -multivalue-rdn -key "$1.key" -subj "$2" -out "$1.csr"
  openssl x509 -req -in "$1.csr" -CA "$4.pem" -CAkey "$4.key" -set_serial "$(openssl rand -hex 8 | sed 's/^./0x4/')" \
    -days "$3" -sha256 -extfile "$1.ext" -out "$1.pem" 2> /dev/null
}

key root.key
openssl req -x509 -new -key root.key -subj '/C=US/O=Toy Trust/CN=Toy Root CA' -days 3650 -out root.pem \
  -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign

sign wwdr '/C=US/O=Apple Inc./OU=G4/CN=Apple Worldwide Developer Relations Certification Authority' 200 root \
'basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid'

# pass NAME IDENTIFIER TEAM DAYS ISSUER [EXTENSION]
pass() {
  sign "$1" "/UID=$2/CN=Pass Type ID: $2/OU=$3/O=Acme Cafés/C=US" "$4" "$5" \
"basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=clientAuth,1.2.840.113635.100.4.14
1.2.840.113635.100.6.1.16=ASN1:UTF8String:$2
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
crlDistributionPoints=URI:http://crl.example/wwdr.crl
authorityInfoAccess=OCSP;URI:http://ocsp.example/
certificatePolicies=1.2.840.113635.100.5.1
${6-}"
}
pass pass pass.com.acme.loyalty PGJV57GD94 365 root
pass newer pass.com.acme.loyalty PGJV57GD94 730 root
pass nfc pass.com.acme.loyalty PGJV57GD94 100 root '1.2.840.113635.100.6.1.26=ASN1:NULL'
pass team pass.com.acme.loyalty OTHERTEAM1 365 root
pass other pass.com.acme.gift PGJV57GD94 365 root
pass below pass.com.acme.loyalty PGJV57GD94 365 wwdr

sign server '/O=Acme Cafés/CN=till.example' 90 root \
'subjectAltName=DNS:till.example,DNS:www.till.example,IP:192.0.2.7
extendedKeyUsage=serverAuth
keyUsage=digitalSignature,keyEncipherment'

# The same names in another order.
sign turned '/O=Acme Cafés/CN=till.example' 95 root \
'subjectAltName=IP:192.0.2.7,DNS:www.till.example,DNS:till.example
extendedKeyUsage=serverAuth'

# Markup and a character that turns the direction, in a name.
sign hostile "/O=<b>Bold \\& Sons<\\/b>/CN=card$(printf '\342\200\256')gpj.exe" 90 root 'basicConstraints=CA:FALSE'

printf 'crl_next_update = 30\ncrl_number = 5\n' > crl.cfg
certtool --generate-crl --load-ca-privkey root.key --load-ca-certificate root.pem --load-certificate server.pem \
  --template crl.cfg --outfile list.crl 2> /dev/null

cat below.pem wwdr.pem root.pem > chain.pem
cat below.pem wwdr.pem > open-chain.pem
cat server.pem server.key > with-key.pem
cat server.pem root.key > wrong-key.pem
openssl pkey -in server.key -pubout -out public.pem
openssl pkcs8 -topk8 -in server.key -passout file:password -out locked.key
openssl x509 -in pass.pem -outform DER -out pass.cer
printf '<!doctype html><html><body>Sign in</body></html>\n' > page.p12
head -c 300 pass.cer > cut.cer

openssl pkcs12 -export -in below.pem -inkey below.key -certfile wwdr.pem -name 'Loyalty card' -passout file:password \
  -keypbe AES-256-CBC -certpbe AES-256-CBC -macalg sha256 -out pass.p12
openssl pkcs12 -export -in below.pem -inkey below.key -passout file:password -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES \
  -macalg sha1 -out old.p12
openssl pkcs12 -export -in below.pem -inkey below.key -passout file:password -iter 300000 \
  -keypbe AES-256-CBC -certpbe AES-256-CBC -macalg sha256 -out slow.p12
