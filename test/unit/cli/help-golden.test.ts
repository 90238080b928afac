import { expectGolden } from '../../golden/expect-golden';
import { commandsByName, helpOf } from './help-of';

test.each([...commandsByName()])('the help of "%s" is as it was last read', (name, command) => {
  expectGolden(`help${name === '' ? '' : `-${name}`}`, helpOf(command));
});
