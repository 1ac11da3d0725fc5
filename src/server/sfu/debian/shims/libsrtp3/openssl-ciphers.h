#ifndef SRTP3_OPENSSL_CIPHERS_H
#define SRTP3_OPENSSL_CIPHERS_H

#include <srtp2/srtp.h>

#ifdef __cplusplus
extern "C"
{
#endif

/* Begins libsrtp, and puts OpenSSL in the place of what its ciphers were built upon. */
srtp_err_status_t srtp3_init(void);

#ifdef __cplusplus
}
#endif

#endif
