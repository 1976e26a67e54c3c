/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Object identifiers: their dotted form, and the names that people know them by. */
#include "config.h"

#include "till-oid.h"

#include <stdlib.h>
#include <string.h>

/* Every table is sorted by the dotted form in byte order, because it is searched
 * by halving; a test looks each entry up. */

/* Short names as in RFC 4514 3 and RFC 4519, the others as commonly printed. */
static const TillOidName attribute_names[] = {
  { "0.9.2342.19200300.100.1.1", "UID" },
  { "0.9.2342.19200300.100.1.25", "DC" },
  { "1.2.643.100.1", "OGRN" },
  { "1.2.643.100.3", "SNILS" },
  { "1.2.643.3.131.1.1", "INN" },
  { "1.2.840.113549.1.9.1", "emailAddress" },
  { "1.2.840.113549.1.9.2", "unstructuredName" },
  { "1.2.840.113549.1.9.8", "unstructuredAddress" },
  { "1.3.6.1.4.1.311.60.2.1.1", "jurisdictionL" },
  { "1.3.6.1.4.1.311.60.2.1.2", "jurisdictionST" },
  { "1.3.6.1.4.1.311.60.2.1.3", "jurisdictionC" },
  { "2.5.4.10", "O" },
  { "2.5.4.11", "OU" },
  { "2.5.4.12", "title" },
  { "2.5.4.13", "description" },
  { "2.5.4.15", "businessCategory" },
  { "2.5.4.16", "postalAddress" },
  { "2.5.4.17", "postalCode" },
  { "2.5.4.18", "postOfficeBox" },
  { "2.5.4.19", "physicalDeliveryOfficeName" },
  { "2.5.4.20", "telephoneNumber" },
  { "2.5.4.3", "CN" },
  { "2.5.4.4", "SN" },
  { "2.5.4.41", "name" },
  { "2.5.4.42", "GN" },
  { "2.5.4.43", "initials" },
  { "2.5.4.44", "generationQualifier" },
  { "2.5.4.45", "x500UniqueIdentifier" },
  { "2.5.4.46", "dnQualifier" },
  { "2.5.4.5", "serialNumber" },
  { "2.5.4.6", "C" },
  { "2.5.4.65", "pseudonym" },
  { "2.5.4.7", "L" },
  { "2.5.4.8", "ST" },
  { "2.5.4.9", "STREET" },
  { "2.5.4.97", "organizationIdentifier" },
};

/* Purposes of extended key usage: RFC 5280 4.2.1.12 and what Microsoft, Apple and others added. */
static const TillOidName purpose_names[] = {
  { "1.2.840.113583.1.1.5", "adobePDFSigning" },
  { "1.2.840.113635.100.4.1", "appleSystemIdentity" },
  { "1.2.840.113635.100.4.14", "applePassTypeSigning" },
  { "1.2.840.113635.100.4.2", "appleMailEncryption" },
  { "1.2.840.113635.100.4.3", "appleMailSigning" },
  { "1.2.840.113635.100.4.8", "appleResourceSigning" },
  { "1.2.840.113635.100.4.9", "appleIChatEncryption" },
  { "1.3.6.1.4.1.11129.2.4.4", "ctPrecertificateSigning" },
  { "1.3.6.1.4.1.311.10.3.1", "msCertTrustListSigning" },
  { "1.3.6.1.4.1.311.10.3.12", "msDocumentSigning" },
  { "1.3.6.1.4.1.311.10.3.3", "msServerGatedCrypto" },
  { "1.3.6.1.4.1.311.10.3.4", "msEncryptingFileSystem" },
  { "1.3.6.1.4.1.311.10.3.4.1", "msFileRecovery" },
  { "1.3.6.1.4.1.311.2.1.21", "msIndividualCodeSigning" },
  { "1.3.6.1.4.1.311.2.1.22", "msCommercialCodeSigning" },
  { "1.3.6.1.4.1.311.20.2.1", "msEnrollmentAgent" },
  { "1.3.6.1.4.1.311.20.2.2", "msSmartcardLogin" },
  { "1.3.6.1.4.1.311.54.1.2", "msRemoteDesktop" },
  { "1.3.6.1.5.2.3.4", "pkinitKPClientAuth" },
  { "1.3.6.1.5.2.3.5", "pkinitKPKdc" },
  { "1.3.6.1.5.5.7.3.1", "serverAuth" },
  { "1.3.6.1.5.5.7.3.13", "eapOverPPP" },
  { "1.3.6.1.5.5.7.3.14", "eapOverLAN" },
  { "1.3.6.1.5.5.7.3.17", "ipsecIKE" },
  { "1.3.6.1.5.5.7.3.2", "clientAuth" },
  { "1.3.6.1.5.5.7.3.21", "secureShellClient" },
  { "1.3.6.1.5.5.7.3.22", "secureShellServer" },
  { "1.3.6.1.5.5.7.3.3", "codeSigning" },
  { "1.3.6.1.5.5.7.3.30", "cmKGA" },
  { "1.3.6.1.5.5.7.3.36", "documentSigning" },
  { "1.3.6.1.5.5.7.3.4", "emailProtection" },
  { "1.3.6.1.5.5.7.3.5", "ipsecEndSystem" },
  { "1.3.6.1.5.5.7.3.6", "ipsecTunnel" },
  { "1.3.6.1.5.5.7.3.7", "ipsecUser" },
  { "1.3.6.1.5.5.7.3.8", "timeStamping" },
  { "1.3.6.1.5.5.7.3.9", "OCSPSigning" },
  { "1.3.6.1.5.5.8.2.2", "ipsecIntermediate" },
  { "2.16.840.1.101.3.6.8", "pivCardAuthentication" },
  { "2.16.840.1.113730.4.1", "nsServerGatedCrypto" },
  { "2.23.136.1.1.3", "icaoMasterListSigning" },
  { "2.5.29.37.0", "anyExtendedKeyUsage" },
};

/* Extensions of certificates and revocation lists. */
static const TillOidName extension_names[] = {
  { "1.2.840.113533.7.65.0", "Entrust version" },
  { "1.2.840.113549.1.9.15", "S/MIME capabilities" },
  { "1.2.840.113583.1.1.9.1", "Adobe time stamp" },
  { "1.2.840.113583.1.1.9.2", "Adobe archive revocation info" },
  { "1.2.840.113635.100.6.1.16", "Apple pass type" },
  { "1.2.840.113635.100.6.1.26", "Apple passes with NFC" },
  { "1.2.840.113635.100.6.2.1", "Apple Worldwide Developer Relations intermediate" },
  { "1.2.840.113635.100.6.3.2", "Apple extension 6.3.2" },
  { "1.3.36.8.3.3", "Admission" },
  { "1.3.6.1.4.1.11129.2.4.2", "Signed certificate timestamps" },
  { "1.3.6.1.4.1.11129.2.4.3", "Precertificate poison" },
  { "1.3.6.1.4.1.311.20.2", "Microsoft certificate template name" },
  { "1.3.6.1.4.1.311.21.1", "Microsoft CA version" },
  { "1.3.6.1.4.1.311.21.10", "Microsoft application policies" },
  { "1.3.6.1.4.1.311.21.2", "Microsoft previous CA certificate hash" },
  { "1.3.6.1.4.1.311.21.7", "Microsoft certificate template" },
  { "1.3.6.1.4.1.311.25.2", "Microsoft security identifier" },
  { "1.3.6.1.5.5.7.1.1", "Authority information access" },
  { "1.3.6.1.5.5.7.1.11", "Subject information access" },
  { "1.3.6.1.5.5.7.1.14", "Proxy certificate information" },
  { "1.3.6.1.5.5.7.1.24", "TLS feature" },
  { "1.3.6.1.5.5.7.1.3", "Qualified certificate statements" },
  { "1.3.6.1.5.5.7.1.7", "IP address blocks" },
  { "1.3.6.1.5.5.7.1.8", "AS identifiers" },
  { "1.3.6.1.5.5.7.48.1.5", "OCSP no check" },
  { "2.16.840.1.113730.1.1", "Netscape certificate type" },
  { "2.16.840.1.113730.1.12", "Netscape SSL server name" },
  { "2.16.840.1.113730.1.13", "Netscape comment" },
  { "2.16.840.1.113730.1.2", "Netscape base URL" },
  { "2.16.840.1.113730.1.3", "Netscape revocation URL" },
  { "2.16.840.1.113730.1.4", "Netscape CA revocation URL" },
  { "2.16.840.1.113730.1.7", "Netscape renewal URL" },
  { "2.16.840.1.113730.1.8", "Netscape CA policy URL" },
  { "2.5.29.14", "Subject key identifier" },
  { "2.5.29.15", "Key usage" },
  { "2.5.29.16", "Private key usage period" },
  { "2.5.29.17", "Subject alternative names" },
  { "2.5.29.18", "Issuer alternative names" },
  { "2.5.29.19", "Basic constraints" },
  { "2.5.29.20", "CRL number" },
  { "2.5.29.21", "CRL reason" },
  { "2.5.29.24", "Invalidity date" },
  { "2.5.29.27", "Delta CRL indicator" },
  { "2.5.29.28", "Issuing distribution point" },
  { "2.5.29.29", "Certificate issuer" },
  { "2.5.29.30", "Name constraints" },
  { "2.5.29.31", "CRL distribution points" },
  { "2.5.29.32", "Certificate policies" },
  { "2.5.29.33", "Policy mappings" },
  { "2.5.29.35", "Authority key identifier" },
  { "2.5.29.36", "Policy constraints" },
  { "2.5.29.37", "Extended key usage" },
  { "2.5.29.46", "Freshest CRL" },
  { "2.5.29.54", "Inhibit any policy" },
  { "2.5.29.9", "Subject directory attributes" },
};

/* CA/Browser Forum, ETSI EN 319 411 and Apple policies. */
static const TillOidName policy_names[] = {
  { "0.4.0.194112.1.0", "EU qualified, natural person" },
  { "0.4.0.194112.1.1", "EU qualified, legal person" },
  { "0.4.0.194112.1.2", "EU qualified, natural person, secure device" },
  { "0.4.0.194112.1.3", "EU qualified, legal person, secure device" },
  { "0.4.0.194112.1.4", "EU qualified, website" },
  { "0.4.0.2042.1.1", "ETSI normalized" },
  { "0.4.0.2042.1.2", "ETSI normalized, secure device" },
  { "0.4.0.2042.1.3", "ETSI lightweight" },
  { "0.4.0.2042.1.4", "ETSI extended validation" },
  { "0.4.0.2042.1.6", "ETSI domain validated" },
  { "0.4.0.2042.1.7", "ETSI organization validated" },
  { "1.2.840.113635.100.5.1", "Apple certificate policy" },
  { "2.23.140.1.1", "extended validation" },
  { "2.23.140.1.2.1", "domain validated" },
  { "2.23.140.1.2.2", "organization validated" },
  { "2.23.140.1.2.3", "individual validated" },
  { "2.23.140.1.3", "extended validation code signing" },
  { "2.23.140.1.4.1", "code signing" },
  { "2.23.140.1.4.2", "time stamping" },
  { "2.23.140.1.5.1.1", "S/MIME mailbox validated, legacy" },
  { "2.23.140.1.5.1.2", "S/MIME mailbox validated, multipurpose" },
  { "2.23.140.1.5.1.3", "S/MIME mailbox validated, strict" },
  { "2.5.29.32.0", "any policy" },
};

/* SEC 2, ANSI X9.62, RFC 5639, GB/T 32918. */
static const TillOidCurve curves[] = {
  { "1.2.156.10197.1.301", "SM2", 256 },
  { "1.2.250.1.223.101.256.1", "FRP256v1", 256 },
  { "1.2.840.10045.3.0.1", "c2pnb163v1", 163 },
  { "1.2.840.10045.3.0.10", "c2pnb208w1", 208 },
  { "1.2.840.10045.3.0.11", "c2tnb239v1", 239 },
  { "1.2.840.10045.3.0.12", "c2tnb239v2", 239 },
  { "1.2.840.10045.3.0.13", "c2tnb239v3", 239 },
  { "1.2.840.10045.3.0.16", "c2pnb272w1", 272 },
  { "1.2.840.10045.3.0.17", "c2pnb304w1", 304 },
  { "1.2.840.10045.3.0.18", "c2tnb359v1", 359 },
  { "1.2.840.10045.3.0.19", "c2pnb368w1", 368 },
  { "1.2.840.10045.3.0.2", "c2pnb163v2", 163 },
  { "1.2.840.10045.3.0.20", "c2tnb431r1", 431 },
  { "1.2.840.10045.3.0.3", "c2pnb163v3", 163 },
  { "1.2.840.10045.3.0.4", "c2pnb176v1", 176 },
  { "1.2.840.10045.3.0.5", "c2tnb191v1", 191 },
  { "1.2.840.10045.3.0.6", "c2tnb191v2", 191 },
  { "1.2.840.10045.3.0.7", "c2tnb191v3", 191 },
  { "1.2.840.10045.3.1.1", "P-192", 192 },
  { "1.2.840.10045.3.1.2", "prime192v2", 192 },
  { "1.2.840.10045.3.1.3", "prime192v3", 192 },
  { "1.2.840.10045.3.1.4", "prime239v1", 239 },
  { "1.2.840.10045.3.1.5", "prime239v2", 239 },
  { "1.2.840.10045.3.1.6", "prime239v3", 239 },
  { "1.2.840.10045.3.1.7", "P-256", 256 },
  { "1.3.132.0.1", "sect163k1", 163 },
  { "1.3.132.0.10", "secp256k1", 256 },
  { "1.3.132.0.15", "sect163r2", 163 },
  { "1.3.132.0.16", "sect283k1", 283 },
  { "1.3.132.0.17", "sect283r1", 283 },
  { "1.3.132.0.2", "sect163r1", 163 },
  { "1.3.132.0.22", "sect131r1", 131 },
  { "1.3.132.0.23", "sect131r2", 131 },
  { "1.3.132.0.24", "sect193r1", 193 },
  { "1.3.132.0.25", "sect193r2", 193 },
  { "1.3.132.0.26", "sect233k1", 233 },
  { "1.3.132.0.27", "sect233r1", 233 },
  { "1.3.132.0.28", "secp128r1", 128 },
  { "1.3.132.0.29", "secp128r2", 128 },
  { "1.3.132.0.3", "sect239k1", 239 },
  { "1.3.132.0.30", "secp160r2", 160 },
  { "1.3.132.0.31", "secp192k1", 192 },
  { "1.3.132.0.32", "secp224k1", 224 },
  { "1.3.132.0.33", "P-224", 224 },
  { "1.3.132.0.34", "P-384", 384 },
  { "1.3.132.0.35", "P-521", 521 },
  { "1.3.132.0.36", "sect409k1", 409 },
  { "1.3.132.0.37", "sect409r1", 409 },
  { "1.3.132.0.38", "sect571k1", 571 },
  { "1.3.132.0.39", "sect571r1", 571 },
  { "1.3.132.0.4", "sect113r1", 113 },
  { "1.3.132.0.5", "sect113r2", 113 },
  { "1.3.132.0.6", "secp112r1", 112 },
  { "1.3.132.0.7", "secp112r2", 112 },
  { "1.3.132.0.8", "secp160r1", 160 },
  { "1.3.132.0.9", "secp160k1", 160 },
  { "1.3.36.3.3.2.8.1.1.1", "brainpoolP160r1", 160 },
  { "1.3.36.3.3.2.8.1.1.10", "brainpoolP320t1", 320 },
  { "1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1", 384 },
  { "1.3.36.3.3.2.8.1.1.12", "brainpoolP384t1", 384 },
  { "1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1", 512 },
  { "1.3.36.3.3.2.8.1.1.14", "brainpoolP512t1", 512 },
  { "1.3.36.3.3.2.8.1.1.2", "brainpoolP160t1", 160 },
  { "1.3.36.3.3.2.8.1.1.3", "brainpoolP192r1", 192 },
  { "1.3.36.3.3.2.8.1.1.4", "brainpoolP192t1", 192 },
  { "1.3.36.3.3.2.8.1.1.5", "brainpoolP224r1", 224 },
  { "1.3.36.3.3.2.8.1.1.6", "brainpoolP224t1", 224 },
  { "1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1", 256 },
  { "1.3.36.3.3.2.8.1.1.8", "brainpoolP256t1", 256 },
  { "1.3.36.3.3.2.8.1.1.9", "brainpoolP320r1", 320 },
};

/* RFC 3279, RFC 4055, RFC 5480, RFC 8410, RFC 4491, RFC 9215, FIPS 203 to 205. */
static const TillOidKey key_algorithms[] = {
  { "1.2.156.10197.1.301", "SM2", TILL_KEY_FORM_EC, 256 },
  { "1.2.643.2.2.19", "GOST R 34.10-2001", TILL_KEY_FORM_GOST, 256 },
  { "1.2.643.2.2.20", "GOST R 34.10-94", TILL_KEY_FORM_GOST, 1024 },
  { "1.2.643.7.1.1.1.1", "GOST R 34.10-2012", TILL_KEY_FORM_GOST, 256 },
  { "1.2.643.7.1.1.1.2", "GOST R 34.10-2012", TILL_KEY_FORM_GOST, 512 },
  { "1.2.840.10040.4.1", "DSA", TILL_KEY_FORM_DSA, 0 },
  { "1.2.840.10040.4.3", "DSA", TILL_KEY_FORM_DSA, 0 },
  { "1.2.840.10045.2.1", "EC", TILL_KEY_FORM_EC, 0 },
  { "1.2.840.10046.2.1", "DH", TILL_KEY_FORM_DH, 0 },
  { "1.2.840.113549.1.1.1", "RSA", TILL_KEY_FORM_RSA, 0 },
  { "1.2.840.113549.1.1.10", "RSA-PSS", TILL_KEY_FORM_RSA, 0 },
  { "1.2.840.113549.1.1.7", "RSAES-OAEP", TILL_KEY_FORM_RSA, 0 },
  { "1.2.840.113549.1.1.9", "pSpecified", TILL_KEY_FORM_OTHER, 0 },
  { "1.2.840.113549.1.3.1", "DH", TILL_KEY_FORM_DH, 0 },
  { "1.2.840.113549.1.9.16.3.17", "HSS-LMS", TILL_KEY_FORM_PQ, 0 },
  { "1.3.101.110", "X25519", TILL_KEY_FORM_RAW, 256 },
  { "1.3.101.111", "X448", TILL_KEY_FORM_RAW, 448 },
  { "1.3.101.112", "Ed25519", TILL_KEY_FORM_RAW, 256 },
  { "1.3.101.113", "Ed448", TILL_KEY_FORM_RAW, 456 },
  { "1.3.132.1.12", "EC", TILL_KEY_FORM_EC, 0 },
  { "1.3.132.1.13", "EC", TILL_KEY_FORM_EC, 0 },
  { "1.3.14.3.2.12", "DSA", TILL_KEY_FORM_DSA, 0 },
  { "1.3.14.3.2.27", "DSA", TILL_KEY_FORM_DSA, 0 },
  { "1.3.14.7.2.1.1", "ElGamal", TILL_KEY_FORM_OTHER, 0 },
  { "1.3.6.1.5.5.7.6.34", "XMSS", TILL_KEY_FORM_PQ, 0 },
  { "1.3.6.1.5.5.7.6.35", "XMSSMT", TILL_KEY_FORM_PQ, 0 },
  { "2.16.840.1.101.2.1.1.22", "KEA", TILL_KEY_FORM_OTHER, 0 },
  { "2.16.840.1.101.3.4.3.17", "ML-DSA-44", TILL_KEY_FORM_PQ, 0 },
  { "2.16.840.1.101.3.4.3.18", "ML-DSA-65", TILL_KEY_FORM_PQ, 0 },
  { "2.16.840.1.101.3.4.3.19", "ML-DSA-87", TILL_KEY_FORM_PQ, 0 },
  { "2.16.840.1.101.3.4.3.20", "SLH-DSA-SHA2-128s", TILL_KEY_FORM_PQ, 0 },
  { "2.16.840.1.101.3.4.3.21", "SLH-DSA-SHA2-128f", TILL_KEY_FORM_PQ, 0 },
  { "2.16.840.1.101.3.4.3.22", "SLH-DSA-SHA2-192s", TILL_KEY_FORM_PQ, 0 },
  { "2.16.840.1.101.3.4.3.23", "SLH-DSA-SHA2-192f", TILL_KEY_FORM_PQ, 0 },
  { "2.16.840.1.101.3.4.3.24", "SLH-DSA-SHA2-256s", TILL_KEY_FORM_PQ, 0 },
  { "2.16.840.1.101.3.4.3.25", "SLH-DSA-SHA2-256f", TILL_KEY_FORM_PQ, 0 },
  { "2.16.840.1.101.3.4.3.26", "SLH-DSA-SHAKE-128s", TILL_KEY_FORM_PQ, 0 },
  { "2.16.840.1.101.3.4.3.27", "SLH-DSA-SHAKE-128f", TILL_KEY_FORM_PQ, 0 },
  { "2.16.840.1.101.3.4.3.28", "SLH-DSA-SHAKE-192s", TILL_KEY_FORM_PQ, 0 },
  { "2.16.840.1.101.3.4.3.29", "SLH-DSA-SHAKE-192f", TILL_KEY_FORM_PQ, 0 },
  { "2.16.840.1.101.3.4.3.30", "SLH-DSA-SHAKE-256s", TILL_KEY_FORM_PQ, 0 },
  { "2.16.840.1.101.3.4.3.31", "SLH-DSA-SHAKE-256f", TILL_KEY_FORM_PQ, 0 },
  { "2.16.840.1.101.3.4.3.32", "HASH-ML-DSA-44-SHA512", TILL_KEY_FORM_PQ, 0 },
  { "2.16.840.1.101.3.4.3.33", "HASH-ML-DSA-65-SHA512", TILL_KEY_FORM_PQ, 0 },
  { "2.16.840.1.101.3.4.3.34", "HASH-ML-DSA-87-SHA512", TILL_KEY_FORM_PQ, 0 },
  { "2.16.840.1.101.3.4.4.1", "ML-KEM-512", TILL_KEY_FORM_PQ, 0 },
  { "2.16.840.1.101.3.4.4.2", "ML-KEM-768", TILL_KEY_FORM_PQ, 0 },
  { "2.16.840.1.101.3.4.4.3", "ML-KEM-1024", TILL_KEY_FORM_PQ, 0 },
  { "2.5.8.1.1", "RSA", TILL_KEY_FORM_RSA, 0 },
};

/* The same sources, and the OIW ones that old certificates carry. */
static const TillOidSignature signature_algorithms[] = {
  { "1.2.156.10197.1.501", "SM2-SM3", FALSE },
  { "1.2.156.10197.1.504", "RSA-SM3", FALSE },
  { "1.2.643.2.2.3", "GOST R 34.10-2001", FALSE },
  { "1.2.643.2.2.4", "GOST R 34.10-94", FALSE },
  { "1.2.643.7.1.1.3.2", "GOST R 34.10-2012", FALSE },
  { "1.2.643.7.1.1.3.3", "GOST R 34.10-2012", FALSE },
  { "1.2.840.10040.4.3", "DSA-SHA1", TRUE },
  { "1.2.840.10045.4.1", "ECDSA-SHA1", TRUE },
  { "1.2.840.10045.4.3.1", "ECDSA-SHA224", FALSE },
  { "1.2.840.10045.4.3.2", "ECDSA-SHA256", FALSE },
  { "1.2.840.10045.4.3.3", "ECDSA-SHA384", FALSE },
  { "1.2.840.10045.4.3.4", "ECDSA-SHA512", FALSE },
  { "1.2.840.113549.1.1.10", "RSA-PSS", FALSE },
  { "1.2.840.113549.1.1.11", "RSA-SHA256", FALSE },
  { "1.2.840.113549.1.1.12", "RSA-SHA384", FALSE },
  { "1.2.840.113549.1.1.13", "RSA-SHA512", FALSE },
  { "1.2.840.113549.1.1.14", "RSA-SHA224", FALSE },
  { "1.2.840.113549.1.1.15", "RSA-SHA512-224", FALSE },
  { "1.2.840.113549.1.1.16", "RSA-SHA512-256", FALSE },
  { "1.2.840.113549.1.1.2", "RSA-MD2", TRUE },
  { "1.2.840.113549.1.1.3", "RSA-MD4", TRUE },
  { "1.2.840.113549.1.1.4", "RSA-MD5", TRUE },
  { "1.2.840.113549.1.1.5", "RSA-SHA1", TRUE },
  { "1.2.840.113549.1.9.16.3.17", "HSS-LMS", FALSE },
  { "1.3.101.112", "Ed25519", FALSE },
  { "1.3.101.113", "Ed448", FALSE },
  { "1.3.14.3.2.13", "DSA-SHA", TRUE },
  { "1.3.14.3.2.15", "RSA-SHA", TRUE },
  { "1.3.14.3.2.2", "RSA-MD4", TRUE },
  { "1.3.14.3.2.27", "DSA-SHA1", TRUE },
  { "1.3.14.3.2.29", "RSA-SHA1", TRUE },
  { "1.3.14.3.2.3", "RSA-MD5", TRUE },
  { "1.3.14.3.2.4", "RSA-MD4", TRUE },
  { "1.3.14.7.2.3.1", "RSA-MD2", TRUE },
  { "1.3.36.3.3.1.2", "RSA-RIPEMD160", FALSE },
  { "1.3.36.3.3.1.3", "RSA-RIPEMD128", TRUE },
  { "1.3.6.1.5.5.7.6.30", "RSA-PSS-SHAKE128", FALSE },
  { "1.3.6.1.5.5.7.6.31", "RSA-PSS-SHAKE256", FALSE },
  { "1.3.6.1.5.5.7.6.32", "ECDSA-SHAKE128", FALSE },
  { "1.3.6.1.5.5.7.6.33", "ECDSA-SHAKE256", FALSE },
  { "1.3.6.1.5.5.7.6.34", "XMSS", FALSE },
  { "1.3.6.1.5.5.7.6.35", "XMSSMT", FALSE },
  { "2.16.840.1.101.3.4.3.1", "DSA-SHA224", FALSE },
  { "2.16.840.1.101.3.4.3.10", "ECDSA-SHA3-256", FALSE },
  { "2.16.840.1.101.3.4.3.11", "ECDSA-SHA3-384", FALSE },
  { "2.16.840.1.101.3.4.3.12", "ECDSA-SHA3-512", FALSE },
  { "2.16.840.1.101.3.4.3.13", "RSA-SHA3-224", FALSE },
  { "2.16.840.1.101.3.4.3.14", "RSA-SHA3-256", FALSE },
  { "2.16.840.1.101.3.4.3.15", "RSA-SHA3-384", FALSE },
  { "2.16.840.1.101.3.4.3.16", "RSA-SHA3-512", FALSE },
  { "2.16.840.1.101.3.4.3.17", "ML-DSA-44", FALSE },
  { "2.16.840.1.101.3.4.3.18", "ML-DSA-65", FALSE },
  { "2.16.840.1.101.3.4.3.19", "ML-DSA-87", FALSE },
  { "2.16.840.1.101.3.4.3.2", "DSA-SHA256", FALSE },
  { "2.16.840.1.101.3.4.3.20", "SLH-DSA-SHA2-128s", FALSE },
  { "2.16.840.1.101.3.4.3.21", "SLH-DSA-SHA2-128f", FALSE },
  { "2.16.840.1.101.3.4.3.22", "SLH-DSA-SHA2-192s", FALSE },
  { "2.16.840.1.101.3.4.3.23", "SLH-DSA-SHA2-192f", FALSE },
  { "2.16.840.1.101.3.4.3.24", "SLH-DSA-SHA2-256s", FALSE },
  { "2.16.840.1.101.3.4.3.25", "SLH-DSA-SHA2-256f", FALSE },
  { "2.16.840.1.101.3.4.3.26", "SLH-DSA-SHAKE-128s", FALSE },
  { "2.16.840.1.101.3.4.3.27", "SLH-DSA-SHAKE-128f", FALSE },
  { "2.16.840.1.101.3.4.3.28", "SLH-DSA-SHAKE-192s", FALSE },
  { "2.16.840.1.101.3.4.3.29", "SLH-DSA-SHAKE-192f", FALSE },
  { "2.16.840.1.101.3.4.3.3", "DSA-SHA384", FALSE },
  { "2.16.840.1.101.3.4.3.30", "SLH-DSA-SHAKE-256s", FALSE },
  { "2.16.840.1.101.3.4.3.31", "SLH-DSA-SHAKE-256f", FALSE },
  { "2.16.840.1.101.3.4.3.32", "HASH-ML-DSA-44-SHA512", FALSE },
  { "2.16.840.1.101.3.4.3.33", "HASH-ML-DSA-65-SHA512", FALSE },
  { "2.16.840.1.101.3.4.3.34", "HASH-ML-DSA-87-SHA512", FALSE },
  { "2.16.840.1.101.3.4.3.4", "DSA-SHA512", FALSE },
  { "2.16.840.1.101.3.4.3.5", "DSA-SHA3-224", FALSE },
  { "2.16.840.1.101.3.4.3.6", "DSA-SHA3-256", FALSE },
  { "2.16.840.1.101.3.4.3.7", "DSA-SHA3-384", FALSE },
  { "2.16.840.1.101.3.4.3.8", "DSA-SHA3-512", FALSE },
  { "2.16.840.1.101.3.4.3.9", "ECDSA-SHA3-224", FALSE },
};

static const TillOidSignature digest_algorithms[] = {
  { "1.2.156.10197.1.401", "SM3", FALSE },
  { "1.2.840.113549.2.2", "MD2", TRUE },
  { "1.2.840.113549.2.4", "MD4", TRUE },
  { "1.2.840.113549.2.5", "MD5", TRUE },
  { "1.3.14.3.2.26", "SHA1", TRUE },
  { "1.3.36.3.2.1", "RIPEMD160", FALSE },
  { "2.16.840.1.101.3.4.2.1", "SHA256", FALSE },
  { "2.16.840.1.101.3.4.2.10", "SHA3-512", FALSE },
  { "2.16.840.1.101.3.4.2.11", "SHAKE128", FALSE },
  { "2.16.840.1.101.3.4.2.12", "SHAKE256", FALSE },
  { "2.16.840.1.101.3.4.2.2", "SHA384", FALSE },
  { "2.16.840.1.101.3.4.2.3", "SHA512", FALSE },
  { "2.16.840.1.101.3.4.2.4", "SHA224", FALSE },
  { "2.16.840.1.101.3.4.2.5", "SHA512-224", FALSE },
  { "2.16.840.1.101.3.4.2.6", "SHA512-256", FALSE },
  { "2.16.840.1.101.3.4.2.7", "SHA3-224", FALSE },
  { "2.16.840.1.101.3.4.2.8", "SHA3-256", FALSE },
  { "2.16.840.1.101.3.4.2.9", "SHA3-384", FALSE },
};

static int
compare_oid (const void *key,
             const void *entry)
{
  /* Each entry begins with its dotted form. */
  return strcmp (key, *(const char * const *) entry);
}

#define FIND(table, oid) bsearch (oid, table, G_N_ELEMENTS (table), sizeof table[0], compare_oid)

static const char *
name_or_null (const TillOidName *entry)
{
  return entry != NULL ? entry->name : NULL;
}

/* Writes a decimal number and returns the end, or NULL where there is no room. */
static char *
append_arc (char              *to,
            const char        *end,
            unsigned __int128  arc)
{
  char digits[40];
  gsize n = 0;

  do
    {
      digits[n++] = (char) ('0' + (int) (arc % 10));
      arc /= 10;
    }
  while (arc != 0);

  if ((gsize) (end - to) < n + 1)
    return NULL;

  while (n > 0)
    *to++ = digits[--n];

  return to;
}

/**
 * till_oid_format:
 * @content: content octets of an OBJECT IDENTIFIER
 * @text: (out): where the dotted form goes
 *
 * Arcs of up to 128 bits are understood, as UUIDs need them (X.667).
 *
 * Returns: %FALSE where the octets are no valid identifier (X.690 8.19), or the
 *   dotted form is longer than %TILL_OID_SIZE
 */
gboolean
till_oid_format (const TillDer *content,
                 char           text[TILL_OID_SIZE])
{
  const guint8 *at = content->data;
  const char *end = text + TILL_OID_SIZE;
  char *to = text;

  text[0] = '\0';

  if (at == content->end)
    return FALSE;

  while (at < content->end)
    {
      unsigned __int128 arc = 0;
      gboolean more;

      if (*at == 0x80)
        return FALSE;

      do
        {
          if (at == content->end || (arc >> 121) != 0)
            return FALSE;

          arc = (arc << 7) | (*at & 0x7f);
          more = (*at++ & 0x80) != 0;
        }
      while (more);

      if (to == text)
        {
          /* The first two arcs share one number. */
          int first = arc < 80 ? (int) (arc / 40) : 2;

          *to++ = (char) ('0' + first);
          arc -= (unsigned) first * 40;
        }

      if (end - to < 2)
        return FALSE;

      *to++ = '.';
      to = append_arc (to, end, arc);
      if (to == NULL)
        return FALSE;
    }

  *to = '\0';
  return TRUE;
}

/**
 * till_oid_attribute_name:
 * @oid: dotted
 *
 * Returns: (transfer none) (nullable): short name of a naming attribute, such as CN
 */
const char *
till_oid_attribute_name (const char *oid)
{
  return name_or_null (FIND (attribute_names, oid));
}

/**
 * till_oid_purpose_name:
 * @oid: dotted
 *
 * Returns: (transfer none) (nullable): name of an extended key usage
 */
const char *
till_oid_purpose_name (const char *oid)
{
  return name_or_null (FIND (purpose_names, oid));
}

/**
 * till_oid_extension_name:
 * @oid: dotted
 *
 * Returns: (transfer none) (nullable): name of an extension
 */
const char *
till_oid_extension_name (const char *oid)
{
  return name_or_null (FIND (extension_names, oid));
}

/**
 * till_oid_policy_name:
 * @oid: dotted
 *
 * Returns: (transfer none) (nullable): what a well-known certificate policy stands for
 */
const char *
till_oid_policy_name (const char *oid)
{
  return name_or_null (FIND (policy_names, oid));
}

/**
 * till_oid_find_curve:
 * @oid: dotted
 *
 * Returns: (transfer none) (nullable): the named curve
 */
const TillOidCurve *
till_oid_find_curve (const char *oid)
{
  return FIND (curves, oid);
}

/**
 * till_oid_find_key:
 * @oid: dotted
 *
 * Returns: (transfer none) (nullable): the public key algorithm
 */
const TillOidKey *
till_oid_find_key (const char *oid)
{
  return FIND (key_algorithms, oid);
}

/**
 * till_oid_find_signature:
 * @oid: dotted
 *
 * Returns: (transfer none) (nullable): the signature algorithm
 */
const TillOidSignature *
till_oid_find_signature (const char *oid)
{
  return FIND (signature_algorithms, oid);
}

/**
 * till_oid_find_digest:
 * @oid: dotted
 *
 * Returns: (transfer none) (nullable): the digest algorithm
 */
const TillOidSignature *
till_oid_find_digest (const char *oid)
{
  return FIND (digest_algorithms, oid);
}

static gboolean
is_sorted (const void *table,
           gsize       n,
           gsize       size)
{
  const char *at = table;

  for (gsize i = 1; i < n; i++)
    if (strcmp (*(const char * const *) (gconstpointer) (at + (i - 1) * size),
                *(const char * const *) (gconstpointer) (at + i * size)) >= 0)
      return FALSE;

  return TRUE;
}

#define IS_SORTED(table) is_sorted (table, G_N_ELEMENTS (table), sizeof table[0])

/**
 * till_oid_check_tables:
 *
 * For tests.
 *
 * Returns: whether every table is sorted, so that each entry is found
 */
gboolean
till_oid_check_tables (void)
{
  return IS_SORTED (attribute_names) && IS_SORTED (purpose_names) && IS_SORTED (extension_names) &&
         IS_SORTED (policy_names) && IS_SORTED (curves) && IS_SORTED (key_algorithms) &&
         IS_SORTED (signature_algorithms) && IS_SORTED (digest_algorithms);
}
