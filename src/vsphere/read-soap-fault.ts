import { parseXml, XmlRefused, type XmlElement } from './xml-tree';
import { textOf } from './xml-text';

export interface SoapFault {
  /** Without its prefix: `FailedAuthentication`. */
  readonly code: string;
  readonly text: string;
}

/** The fault of a SOAP 1.1 reply; undefined when it is no such reply. */
export function readSoapFault(reply: Buffer): SoapFault | undefined {
  const bytes = reply.toString('latin1');
  try {
    const root = parseXml(bytes);
    const fault = only(only(root, 'Body'), 'Fault');
    const [code, text] = [only(fault, 'faultcode'), only(fault, 'faultstring')];
    if (!code) return undefined;
    return { code: textOf(bytes, code).replace(/^.*:/, ''), text: text ? textOf(bytes, text) : '' };
  } catch (error) {
    if (error instanceof XmlRefused) return undefined;
    throw error;
  }
}

function only(element: XmlElement | undefined, local: string): XmlElement | undefined {
  return element?.children.find((child) => child.local === local);
}
