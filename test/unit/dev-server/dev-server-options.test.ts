import {
  devServerArguments,
  resolveDevServerOptions,
} from '../../../packages/dev-server/src/start-dev-server';

test('without options the server listens on loopback, without a UI and without search attributes', () => {
  const args = devServerArguments({ ...resolveDevServerOptions({}), port: 7300 });
  expect(args.join(' ')).toBe(
    'server start-dev --ip 127.0.0.1 --port 7300 --namespace default --log-level error --headless',
  );
});

test('every option reaches the command line', () => {
  const args = devServerArguments(
    resolveDevServerOptions({
      port: 1,
      uiPort: 2,
      metricsPort: 3,
      dbFile: 'db',
      namespace: 'ns',
      searchAttributes: ['A'],
      logLevel: 'warn',
      dynamicConfig: { 'frontend.enableX': true },
      ip: '0.0.0.0',
    }),
  );
  expect(args.join(' ')).toBe(
    'server start-dev --ip 0.0.0.0 --port 1 --namespace ns --log-level warn --ui-port 2 --metrics-port 3 --db-filename db ' +
      '--search-attribute A=Keyword --dynamic-config-value frontend.enableX=true',
  );
});
