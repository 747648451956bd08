import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Failure } from '../errors/failure.ts';
import { requireBuilt } from './unbuilt-sources.ts';

function refusal(runtime: string, paths: string[]): string | null {
  try {
    requireBuilt(runtime, paths);
    return null;
  } catch (error) {
    assert.ok(error instanceof Failure);
    assert.deepEqual([error.code, error.field], ['invalid_input', 'file']);
    return error.message;
  }
}

describe('sources that nothing was built of', () => {
  it('are refused with what to upload', () => {
    const source = 'shop/src/main/java/Hello.java';
    assert.equal(
      refusal('java17', [source, 'shop/pom.xml']),
      'The zip holds the sources of shop/pom.xml, which are not built here: ' +
        'upload the jar that `mvn package` makes.',
    );
    assert.match(refusal('java8.al2', ['build.gradle', source]) ?? '', /`gradle shadowJar`/);
    assert.match(refusal('java21', ['build.gradle.kts', source]) ?? '', /build\.gradle\.kts/);
    assert.match(refusal('dotnet8', ['src/Shop/Shop.csproj', 'src/Shop/Web.cs']) ?? '', /`dotnet publish/);
  });

  it("aren't taken for built by what build tools leave beside them", () => {
    for (const beside of [
      '.mvn/wrapper/maven-wrapper.jar',
      'gradle/wrapper/gradle-wrapper.jar',
      'target/classes/Hello.class',
      'build/libs/shop.jar',
    ]) {
      assert.notEqual(refusal('java17', ['pom.xml', beside]), null, beside);
    }
    assert.notEqual(refusal('dotnet8', ['Shop.csproj', 'bin/Release/net8.0/Shop.dll']), null);
  });

  it('are taken beside what was built, and in other languages', () => {
    assert.equal(refusal('java17', ['pom.xml', 'com/example/Hello.class']), null);
    assert.equal(refusal('java17', ['META-INF/maven/a/b/pom.xml', 'lib/a.jar']), null);
    assert.equal(refusal('dotnet8', ['Shop.csproj', 'Shop.dll']), null);
    assert.equal(refusal('nodejs24.x', ['index.js', 'pom.xml', 'Shop.csproj']), null);
    assert.equal(refusal('python3.12', ['pom.xml']), null);
    assert.equal(refusal('java17', ['Hello.java']), null);
  });
});
