import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { narrowToRelease, type Schema } from './description-of-release';

interface Response {
  description?: string;
  content?: Record<string, { schema: Record<string, unknown> }>;
}
interface Description {
  paths: Record<string, Record<string, { description?: string; responses: Record<string, Response> }>>;
  components: { schemas: Record<string, Schema> };
}

const SPEC = join(__dirname, 'spec', 'vsan-data-protection-openapi-9.1.0.0.yaml');
const ERRORS = 'Vapi.Std.Errors.';

/** A field that the description does not know is a mistake of the simulator, so objects are closed here. */
function closeObjects(description: Description): void {
  for (const [name, schema] of Object.entries(description.components.schemas)) {
    if (schema.properties && !schema['allOf'] && !name.startsWith(ERRORS))
      schema['additionalProperties'] = false;
  }
}

/** The official OpenAPI description, as a judge of the replies of one release. */
export class OfficialDescription {
  private readonly description: Description;
  private readonly ajv = addFormats(new Ajv({ strict: false, allErrors: true, validateSchema: false }));

  constructor(release: string) {
    this.description = parse(readFileSync(SPEC, 'utf8')) as Description;
    narrowToRelease(this.description, release);
    closeObjects(this.description);
    this.ajv.addSchema(this.description, 'official');
  }

  /** True when the release has this operation (`GET /snapservice/tasks`). */
  has(operation: string): boolean {
    const [method = '', path = ''] = operation.split(' ');
    return this.description.paths[path]?.[method.toLowerCase()] !== undefined;
  }

  /** What is wrong with this reply of an operation (`GET /snapservice/tasks`); empty when nothing is. */
  violations(operation: string, status: number, body: unknown): string[] {
    const response = this.response(operation, status);
    if (!response) return [`${operation} does not document the status ${status}`];
    const schema = response.content?.['application/json']?.schema;
    if (!schema) return body === '' ? [] : [`${operation} ${status} has no body`];
    return [
      ...this.bodyViolations(schema, body),
      ...(status < 400 ? [] : this.typeViolations(response, body)),
    ];
  }

  private response(operation: string, status: number): Response | undefined {
    const [method = '', path = ''] = operation.split(' ');
    return this.description.paths[path]?.[method.toLowerCase()]?.responses[String(status)];
  }

  private bodyViolations(schema: Record<string, unknown>, body: unknown): string[] {
    const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"official#/')) as object;
    const validate = this.ajv.compile(absolute);
    return validate(body) ? [] : [this.ajv.errorsText(validate.errors)];
  }

  /** `error_type` must be one that the description names for this status of this operation. */
  private typeViolations(response: Response, body: unknown): string[] {
    const text = `${response.description ?? ''} ${JSON.stringify(response.content)}`;
    const named = [...text.matchAll(/Vapi\.Std\.Errors\.(\w+)/g)].map(([, name = '']) =>
      name.replaceAll(/(?!^)([A-Z])/g, '_$1').toUpperCase(),
    );
    const { error_type: type } = body as { error_type?: string };
    return type !== undefined && named.includes(type) ? [] : [`${type} is not one of ${named.join(', ')}`];
  }
}
