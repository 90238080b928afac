export { WORKFLOWS } from '../contract/names';
