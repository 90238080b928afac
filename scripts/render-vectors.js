// docs/contract-vectors.json: requests with everything that a caller in another language has to compute from them.
// CommonJS, so that a unit test can load it as well.

const web = { vm: 'web-01', snapshot: 'latest' };

/** Each is there for something that an implementation can get wrong. */
const CASES = [
  ['a clone with defaults left out', 'clone', 'build-46', { ...web, name: 'ci-46' }],
  [
    'the same with its defaults said',
    'clone',
    'build-46',
    {
      ...web,
      name: 'ci-46',
      connection: 'default',
      onCancel: 'undo',
      powerOn: false,
      onFailure: 'delete',
    },
  ],
  [
    'the same with options that do not count',
    'clone',
    'build-46',
    { ...web, name: 'ci-46', deadlineMs: 3_600_000, whenBusy: 'fail' },
  ],
  [
    'a clone with everything said, in another order',
    'clone',
    'nightly/7',
    {
      powerOn: true,
      host: 'host-12',
      resourcePool: 'ci',
      folder: 'clones',
      cluster: 'cluster-01',
      onFailure: 'keep',
      onCancel: 'keep',
      connection: 'lab',
      name: 'ci-47',
      snapshot: 'nightly-0412',
      vm: 'vm-1042',
    },
  ],
  ['a clone with a name of its own', 'clone', 'build-49', { ...web, name: 'ci-49', uniqueName: true }],
  ['letters outside ASCII', 'clone', 'größe-😀', { vm: 'wëb-日本', snapshot: 'später', name: '😀-größe' }],
  ['characters that JSON and HTML escape', 'clone', 'a"b', { vm: 'a"b\\c', snapshot: "<&>'/", name: '{}' }],
  ['a revert', 'revert', 'rollback-7', { vm: 'web-02', snapshot: 'latest', restorePower: true }],
  ['a revert of another connection', 'revert', 'rollback-7', { ...web, connection: 'lab' }],
];

/** @param code the functions of src/request and src/contract that compute them */
exports.renderVectors = ({ requestWorkflowId, identityOf }) => {
  const vectors = CASES.map(([what, operation, requestId, request]) => ({
    what,
    operation,
    requestId,
    request,
    workflowId: requestWorkflowId(request.connection ?? 'default', requestId),
    identity: identityOf(operation, request),
  }));
  return `${JSON.stringify(vectors, null, 2)}\n`;
};
