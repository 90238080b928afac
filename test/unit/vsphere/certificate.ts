import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** SHA-256, with colons. */
  readonly thumbprint: string;
}

/** A fresh self-signed certificate, which is its own authority; an expired one ended yesterday. */
export function makeCertificate(address = '127.0.0.1', { expired = false } = {}): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'snapflow-certificate-'));
  try {
    const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const request = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test -addext`;
    const output = ['-keyout', keyFile, '-out', certFile];
    execFileSync('openssl', [...request.split(' '), `subjectAltName=IP:${address}`, ...output], {
      stdio: 'pipe',
    });
    if (expired) {
      const anew = ['x509', '-in', certFile, '-signkey', keyFile, '-days', '-1', '-out', certFile];
      execFileSync('openssl', anew, { stdio: 'pipe' });
    }
    const [key, cert] = [readFileSync(keyFile, 'utf8'), readFileSync(certFile, 'utf8')];
    return { key, cert, thumbprint: new X509Certificate(cert).fingerprint256 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
