import type { TemporalLink } from '../temporal-link';

type Place = Pick<TemporalLink, 'address' | 'namespace'>;

/** Temporal Cloud answers at these names. */
const CLOUD = /\.(?:tmprl\.cloud|api\.temporal\.io)(?::\d+)?$/i;

export const isCloud = ({ address }: Pick<Place, 'address'>): boolean => CLOUD.test(address);

/** What to type or click where the server lets nobody, or not this account, add search attributes. */
export const addByHand = (place: Place, names: readonly string[]): readonly string[] =>
  isCloud(place)
    ? [
        `tcld namespace search-attributes add --namespace ${place.namespace} ${names
          .map((name) => `--search-attribute "${name}=Keyword"`)
          .join(' ')}`,
        `or with Temporal's own command line, one command for each: temporal cloud namespace search-attribute create --namespace ${place.namespace} --type Keyword --name ${names.join(' | ')}`,
        `or in the UI at https://cloud.temporal.io: Namespaces, ${place.namespace}, Edit, Custom Search Attributes: add ${names.join(', ')} of the type Keyword`,
      ]
    : [
        `ask whoever operates ${place.address} to run: temporal operator search-attribute create --namespace ${place.namespace} ${names
          // A type for each name: names beyond the last type are dropped without a word (CLI 1.5.1).
          .map((name) => `--name ${name} --type Keyword`)
          .join(' ')}`,
      ];

/** What to do about attributes of another type: nobody can change a type. */
export const replaceByHand = (place: Place, names: readonly string[]): readonly string[] =>
  isCloud(place)
    ? names.map(
        (name) =>
          `tcld namespace search-attributes rename --namespace ${place.namespace} --existing-name ${name} --new-name ${name}Old`,
      )
    : [
        `temporal operator search-attribute remove --namespace ${place.namespace} ${names
          .map((name) => `--name ${name}`)
          .join(' ')} --yes`,
      ];

export const AGAIN = 'then run snapflow setup once more';
