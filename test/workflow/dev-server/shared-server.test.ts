import { Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../../../src/contract/operations';
import { testServerAddress } from '../../environment/addresses';

test('the server that the tests share answers and knows the five search attributes', async () => {
  const connection = await Connection.connect({ address: testServerAddress() });
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace: 'default',
    });
    expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining(Object.values(SEARCH_ATTRIBUTES)));
  } finally {
    await connection.close();
  }
});
