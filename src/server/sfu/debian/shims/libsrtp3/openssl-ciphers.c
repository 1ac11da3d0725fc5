/*
 * The ciphers of SRTP by OpenSSL.
 *
 * Debian builds libsrtp 2 upon NSS, which makes and throws away a context for each packet, and with a SHA-1 in plain C:
 * a packet costs three times what its way through the worker does. libsrtp lets ciphers be replaced; each replacement
 * has to pass the tests of the one before.
 */
#define OPENSSL_SUPPRESS_DEPRECATED // SHA_CTX can be copied by assignment, what came after it cannot.
#include "openssl-ciphers.h"
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <srtp2/auth.h>
#include <srtp2/cipher.h>
#include <srtp2/srtp.h>
#include <stdlib.h>
#include <string.h>

enum
{
	BLOCK         = 16, // Of AES.
	ICM_SALT      = 14, // RFC 3711, 4.1.1.
	GCM_SALT      = 12, // RFC 7714, 8.1.
	GCM_TAG       = 16,
	GCM_SHORT_TAG = 8, // In the library's tests alone.
	HMAC_BLOCK    = 64,
};

/* The library's own, for their test cases. */
extern const srtp_cipher_type_t srtp_aes_icm_128;
extern const srtp_cipher_type_t srtp_aes_gcm_128;
extern const srtp_cipher_type_t srtp_aes_gcm_256;
extern const srtp_auth_type_t srtp_hmac;

static srtp_cipher_type_t icm128;
static srtp_cipher_type_t gcm128;
static srtp_cipher_type_t gcm256;
static srtp_auth_type_t hmac;

struct cipher_state
{
	EVP_CIPHER_CTX* evp;
	const EVP_CIPHER* kind;
	uint8_t salt[BLOCK];
	int tagLen;
};

static srtp_err_status_t cipher_make(
  srtp_cipher_t** made, const srtp_cipher_type_t* type, const EVP_CIPHER* kind, int keyLen, int tagLen)
{
	srtp_cipher_t* cipher      = calloc(1, sizeof(*cipher));
	struct cipher_state* state = calloc(1, sizeof(*state));
	EVP_CIPHER_CTX* evp        = EVP_CIPHER_CTX_new();

	if (!cipher || !state || !evp)
	{
		free(cipher);
		free(state);
		EVP_CIPHER_CTX_free(evp);

		return srtp_err_status_alloc_fail;
	}

	state->evp        = evp;
	state->kind       = kind;
	state->tagLen     = tagLen;
	cipher->state     = state;
	cipher->type      = type;
	cipher->key_len   = keyLen;
	cipher->algorithm = (int)type->id;
	*made             = cipher;

	return srtp_err_status_ok;
}

static srtp_err_status_t cipher_free(srtp_cipher_t* cipher)
{
	if (cipher)
	{
		struct cipher_state* state = cipher->state;

		EVP_CIPHER_CTX_free(state->evp);
		OPENSSL_cleanse(state, sizeof(*state));
		free(state);
		free(cipher);
	}

	return srtp_err_status_ok;
}

static srtp_err_status_t icm_alloc(srtp_cipher_t** made, int keyLen, int tagLen)
{
	if (keyLen != SRTP_AES_ICM_128_KEY_LEN_WSALT)
	{
		return srtp_err_status_bad_param;
	}

	return cipher_make(made, &icm128, EVP_aes_128_ctr(), keyLen, tagLen);
}

static srtp_err_status_t icm_init(void* of, const uint8_t* key)
{
	struct cipher_state* state = of;

	memset(state->salt, 0, sizeof(state->salt));
	memcpy(state->salt, key + SRTP_AES_128_KEY_LEN, ICM_SALT);

	return EVP_EncryptInit_ex(state->evp, state->kind, NULL, key, state->salt) == 1
	         ? srtp_err_status_ok
	         : srtp_err_status_init_fail;
}

static srtp_err_status_t icm_set_iv(void* of, uint8_t* iv, srtp_cipher_direction_t direction)
{
	struct cipher_state* state = of;
	uint8_t counter[BLOCK];

	(void)direction;

	for (int i = 0; i < BLOCK; ++i)
	{
		counter[i] = state->salt[i] ^ iv[i];
	}

	return EVP_EncryptInit_ex(state->evp, NULL, NULL, NULL, counter) == 1 ? srtp_err_status_ok
	                                                                      : srtp_err_status_cipher_fail;
}

static srtp_err_status_t icm_run(void* of, uint8_t* bytes, unsigned int* length)
{
	struct cipher_state* state = of;
	int done                   = 0;

	if (EVP_EncryptUpdate(state->evp, bytes, &done, bytes, (int)*length) != 1)
	{
		return srtp_err_status_cipher_fail;
	}

	*length = (unsigned int)done;

	return srtp_err_status_ok;
}

static srtp_err_status_t gcm_alloc_of(
  srtp_cipher_t** made, const srtp_cipher_type_t* type, const EVP_CIPHER* kind, int keyLen, int tagLen)
{
	if (
	  keyLen != EVP_CIPHER_get_key_length(kind) + GCM_SALT ||
	  (tagLen != GCM_TAG && tagLen != GCM_SHORT_TAG))
	{
		return srtp_err_status_bad_param;
	}

	return cipher_make(made, type, kind, keyLen, tagLen);
}

static srtp_err_status_t gcm128_alloc(srtp_cipher_t** made, int keyLen, int tagLen)
{
	return gcm_alloc_of(made, &gcm128, EVP_aes_128_gcm(), keyLen, tagLen);
}

static srtp_err_status_t gcm256_alloc(srtp_cipher_t** made, int keyLen, int tagLen)
{
	return gcm_alloc_of(made, &gcm256, EVP_aes_256_gcm(), keyLen, tagLen);
}

static srtp_err_status_t gcm_init(void* of, const uint8_t* key)
{
	struct cipher_state* state = of;

	return EVP_CipherInit_ex(state->evp, state->kind, NULL, key, NULL, 1) == 1 ? srtp_err_status_ok
	                                                                           : srtp_err_status_init_fail;
}

static srtp_err_status_t gcm_set_iv(void* of, uint8_t* iv, srtp_cipher_direction_t direction)
{
	struct cipher_state* state = of;
	const int encrypts         = direction == srtp_direction_encrypt;

	return EVP_CipherInit_ex(state->evp, NULL, NULL, NULL, iv, encrypts) == 1
	         ? srtp_err_status_ok
	         : srtp_err_status_cipher_fail;
}

static srtp_err_status_t gcm_set_aad(void* of, const uint8_t* bytes, uint32_t length)
{
	struct cipher_state* state = of;
	int done                   = 0;

	return EVP_CipherUpdate(state->evp, NULL, &done, bytes, (int)length) == 1 ? srtp_err_status_ok
	                                                                          : srtp_err_status_cipher_fail;
}

static srtp_err_status_t gcm_encrypt(void* of, uint8_t* bytes, unsigned int* length)
{
	struct cipher_state* state = of;
	int done                   = 0;
	int rest                   = 0;

	if (
	  EVP_CipherUpdate(state->evp, bytes, &done, bytes, (int)*length) != 1 ||
	  EVP_CipherFinal_ex(state->evp, bytes + done, &rest) != 1)
	{
		return srtp_err_status_cipher_fail;
	}

	*length = (unsigned int)(done + rest);

	return srtp_err_status_ok;
}

static srtp_err_status_t gcm_get_tag(void* of, uint8_t* tag, uint32_t* length)
{
	struct cipher_state* state = of;

	if (EVP_CIPHER_CTX_ctrl(state->evp, EVP_CTRL_AEAD_GET_TAG, state->tagLen, tag) != 1)
	{
		return srtp_err_status_cipher_fail;
	}

	*length = (uint32_t)state->tagLen;

	return srtp_err_status_ok;
}

/* The tag stands behind the text. */
static srtp_err_status_t gcm_decrypt(void* of, uint8_t* bytes, unsigned int* length)
{
	struct cipher_state* state = of;
	int done                   = 0;
	int rest                   = 0;

	if (*length < (unsigned int)state->tagLen)
	{
		return srtp_err_status_bad_param;
	}

	const int text = (int)*length - state->tagLen;

	if (
	  EVP_CIPHER_CTX_ctrl(state->evp, EVP_CTRL_AEAD_SET_TAG, state->tagLen, bytes + text) != 1 ||
	  EVP_CipherUpdate(state->evp, bytes, &done, bytes, text) != 1)
	{
		return srtp_err_status_cipher_fail;
	}

	if (EVP_CipherFinal_ex(state->evp, bytes + done, &rest) != 1)
	{
		return srtp_err_status_auth_fail;
	}

	*length = (unsigned int)(done + rest);

	return srtp_err_status_ok;
}

/* HMAC (RFC 2104): the hash behind either half of the key is computed once. */
struct hmac_state
{
	SHA_CTX inner;
	SHA_CTX outer;
	SHA_CTX running;
};

static srtp_err_status_t hmac_alloc(srtp_auth_t** made, int keyLen, int tagLen)
{
	if (keyLen > HMAC_BLOCK || tagLen > SHA_DIGEST_LENGTH)
	{
		return srtp_err_status_bad_param;
	}

	srtp_auth_t* auth        = calloc(1, sizeof(*auth));
	struct hmac_state* state = calloc(1, sizeof(*state));

	if (!auth || !state)
	{
		free(auth);
		free(state);

		return srtp_err_status_alloc_fail;
	}

	auth->type    = &hmac;
	auth->state   = state;
	auth->key_len = keyLen;
	auth->out_len = tagLen;
	*made         = auth;

	return srtp_err_status_ok;
}

static srtp_err_status_t hmac_free(srtp_auth_t* auth)
{
	if (auth)
	{
		OPENSSL_cleanse(auth->state, sizeof(struct hmac_state));
		free(auth->state);
		free(auth);
	}

	return srtp_err_status_ok;
}

static srtp_err_status_t hmac_start(void* of)
{
	struct hmac_state* state = of;

	state->running = state->inner;

	return srtp_err_status_ok;
}

static srtp_err_status_t hmac_init(void* of, const uint8_t* key, int keyLen)
{
	struct hmac_state* state = of;
	uint8_t padded[HMAC_BLOCK];

	if (keyLen > HMAC_BLOCK)
	{
		return srtp_err_status_bad_param;
	}

	for (int i = 0; i < HMAC_BLOCK; ++i)
	{
		padded[i] = (i < keyLen ? key[i] : 0) ^ 0x36;
	}

	SHA1_Init(&state->inner);
	SHA1_Update(&state->inner, padded, sizeof(padded));

	for (int i = 0; i < HMAC_BLOCK; ++i)
	{
		padded[i] ^= 0x36 ^ 0x5c;
	}

	SHA1_Init(&state->outer);
	SHA1_Update(&state->outer, padded, sizeof(padded));
	OPENSSL_cleanse(padded, sizeof(padded));

	return hmac_start(state);
}

static srtp_err_status_t hmac_update(void* of, const uint8_t* bytes, int length)
{
	struct hmac_state* state = of;

	return SHA1_Update(&state->running, bytes, (size_t)length) == 1 ? srtp_err_status_ok
	                                                                : srtp_err_status_auth_fail;
}

static srtp_err_status_t hmac_compute(void* of, const uint8_t* bytes, int length, int tagLen, uint8_t* tag)
{
	struct hmac_state* state = of;
	uint8_t digest[SHA_DIGEST_LENGTH];

	if (tagLen > SHA_DIGEST_LENGTH)
	{
		return srtp_err_status_bad_param;
	}

	SHA_CTX outer = state->outer;

	if (
	  SHA1_Update(&state->running, bytes, (size_t)length) != 1 ||
	  SHA1_Final(digest, &state->running) != 1 || SHA1_Update(&outer, digest, sizeof(digest)) != 1 ||
	  SHA1_Final(digest, &outer) != 1)
	{
		return srtp_err_status_auth_fail;
	}

	memcpy(tag, digest, (size_t)tagLen);

	return srtp_err_status_ok;
}

srtp_err_status_t srtp3_init(void)
{
	srtp_err_status_t err = srtp_init();

	icm128 = (srtp_cipher_type_t){ .alloc       = icm_alloc,
		                             .dealloc     = cipher_free,
		                             .init        = icm_init,
		                             .encrypt     = icm_run,
		                             .decrypt     = icm_run,
		                             .set_iv      = icm_set_iv,
		                             .description = "AES-128 counter mode by OpenSSL",
		                             .test_data   = srtp_aes_icm_128.test_data,
		                             .id          = SRTP_AES_ICM_128 };
	gcm128 = (srtp_cipher_type_t){ .alloc       = gcm128_alloc,
		                             .dealloc     = cipher_free,
		                             .init        = gcm_init,
		                             .set_aad     = gcm_set_aad,
		                             .encrypt     = gcm_encrypt,
		                             .decrypt     = gcm_decrypt,
		                             .set_iv      = gcm_set_iv,
		                             .get_tag     = gcm_get_tag,
		                             .description = "AES-128 GCM by OpenSSL",
		                             .test_data   = srtp_aes_gcm_128.test_data,
		                             .id          = SRTP_AES_GCM_128 };
	gcm256             = gcm128;
	gcm256.alloc       = gcm256_alloc;
	gcm256.description = "AES-256 GCM by OpenSSL";
	gcm256.test_data   = srtp_aes_gcm_256.test_data;
	gcm256.id          = SRTP_AES_GCM_256;
	hmac               = (srtp_auth_type_t){ .alloc       = hmac_alloc,
		                                       .dealloc     = hmac_free,
		                                       .init        = hmac_init,
		                                       .compute     = hmac_compute,
		                                       .update      = hmac_update,
		                                       .start       = hmac_start,
		                                       .description = "HMAC-SHA-1 by OpenSSL",
		                                       .test_data   = srtp_hmac.test_data,
		                                       .id          = SRTP_HMAC_SHA1 };

	/* A library in which one of them cannot be replaced is another than this was written for: the worker says so. */
	if (err == srtp_err_status_ok)
	{
		err = srtp_replace_cipher_type(&icm128, SRTP_AES_ICM_128);
	}

	if (err == srtp_err_status_ok)
	{
		err = srtp_replace_cipher_type(&gcm128, SRTP_AES_GCM_128);
	}

	if (err == srtp_err_status_ok)
	{
		err = srtp_replace_cipher_type(&gcm256, SRTP_AES_GCM_256);
	}

	if (err == srtp_err_status_ok)
	{
		err = srtp_replace_auth_type(&hmac, SRTP_HMAC_SHA1);
	}

	return err;
}
